-- What events and notices of before say that their groups are called; the newest name of each stays.
INSERT INTO `group_names`
SELECT `app_key`, `target_id`, substr(`name`, 1, 200), `at_ms` FROM (
	SELECT `app_key`, `target_id`, `occurred_at_ms` AS `at_ms`, CASE WHEN json_valid(`body`)
		THEN coalesce(`body` ->> '$.groupName', `body` ->> '$.groupname') END AS `name`
	FROM `callback_events` WHERE `kind` = 'group-info' AND `target_id` IS NOT NULL AND `problem` IS NULL
	UNION ALL
	SELECT `m`.`app_key`, `m`.`target_id`, `m`.`sent_at_ms`, CASE
		WHEN json_valid(`content`) AND `content` ->> '$.operation' IN ('Create', 'Rename') THEN CASE
			WHEN json_type(`content`, '$.data') = 'object' THEN `content` ->> '$.data.targetGroupName'
			WHEN json_valid(`content` ->> '$.data') THEN `content` ->> '$.data' ->> '$.targetGroupName'
		END END
	FROM `messages` AS `m` JOIN `conversations` AS `c` ON `c`.`id` = `m`.`conversation_id`
	-- Named twice, so that the index of what is no text serves it.
	WHERE `object_name` = 'RC:GrpNtf' AND `object_name` <> 'RC:TxtMsg' AND `channel_type` = 'GROUP'
) WHERE trim(`name`) <> ''
ON CONFLICT DO UPDATE SET `name` = `excluded`.`name`, `at_ms` = `excluded`.`at_ms`
	WHERE (`excluded`.`at_ms`, `excluded`.`name`) > (`at_ms`, `name`);--> statement-breakpoint
-- Types that are known by now.
DELETE FROM `unknown_object_names` WHERE `object_name` IN
	('RC:IWNormalMsg', 'RC:IWStorageMsg', 'RC:IWCmdMsg', 'RC:IWStatusMsg', 'RC:CallAISummary', 'RC:CsLM');--> statement-breakpoint
-- The app's own types that came in wrappers before.
INSERT INTO `unknown_object_names`
SELECT `app_key`, `object_name`, `msg_type`, count(*), min(`received_at_ms`), max(`received_at_ms`),
	substr(max(printf('%020d', `received_at_ms`) || `msg_uid`), 21)
FROM (
	SELECT `app_key`, `object_name`, `received_at_ms`, `msg_uid`, CASE WHEN json_valid(`content`)
		AND json_type(`content`, '$.msgType') = 'text' THEN `content` ->> '$.msgType' END AS `msg_type`
	FROM `messages` WHERE `object_name` <> 'RC:TxtMsg'
		AND `object_name` IN ('RC:IWNormalMsg', 'RC:IWStorageMsg', 'RC:IWCmdMsg', 'RC:IWStatusMsg')
) WHERE trim(`msg_type`) <> '' AND length(`msg_type`) <= 128
GROUP BY `app_key`, `object_name`, `msg_type`;
