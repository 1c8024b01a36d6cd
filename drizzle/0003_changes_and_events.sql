CREATE TABLE `callback_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`app_key` text NOT NULL,
	`kind` text NOT NULL,
	`identity` text NOT NULL,
	`body` text NOT NULL,
	`occurred_at_ms` integer,
	`user_id` text,
	`target_id` text,
	`msg_uid` text,
	`problem` text,
	`nonce_reused` integer NOT NULL,
	`received_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `callback_events_identity` ON `callback_events` (`app_key`,`kind`,`identity`);--> statement-breakpoint
CREATE INDEX `callback_events_by_kind` ON `callback_events` (`kind`);--> statement-breakpoint
CREATE INDEX `callback_events_with_problem` ON `callback_events` (`id`) WHERE problem IS NOT NULL;--> statement-breakpoint
CREATE INDEX `callback_events_by_user` ON `callback_events` (`user_id`) WHERE user_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `callback_events_by_target` ON `callback_events` (`target_id`) WHERE target_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `callback_events_by_message` ON `callback_events` (`msg_uid`) WHERE msg_uid IS NOT NULL;--> statement-breakpoint
CREATE TABLE `sessions` (
	`app_key` text NOT NULL,
	`user_id` text NOT NULL,
	`session_id` text NOT NULL,
	`status` text NOT NULL,
	`os` text,
	`client_ip` text,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`app_key`, `user_id`, `session_id`)
);
--> statement-breakpoint
CREATE TABLE `unknown_object_names` (
	`app_key` text NOT NULL,
	`object_name` text NOT NULL,
	`message_count` integer NOT NULL,
	`first_received_at_ms` integer NOT NULL,
	`last_received_at_ms` integer NOT NULL,
	`example_msg_uid` text NOT NULL,
	PRIMARY KEY(`app_key`, `object_name`)
);
--> statement-breakpoint
CREATE TABLE `__new_message_changes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`app_key` text NOT NULL,
	`msg_uid` text,
	`up_to_ms` integer,
	`kind` text NOT NULL,
	`channel_type` text,
	`user_id` text,
	`target_id` text,
	`bus_channel` text,
	`by_user_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`data` text,
	`identity` text NOT NULL,
	`received_at_ms` integer NOT NULL,
	`origin` text NOT NULL,
	`after_message_id` integer NOT NULL
);
--> statement-breakpoint
INSERT INTO `__new_message_changes`
	SELECT `old`.`id`, `old`.`app_key`, `old`.`msg_uid`, NULL, `kind`, `channel_type`, `user_id`, `c`.`target_id`, `bus_channel`,
		`by_user_id`, `at_ms`, NULL,
		json_array(`kind`, `old`.`msg_uid`, json_array(`channel_type`, `user_id`, `c`.`target_id`, `bus_channel`), `by_user_id`),
		`old`.`received_at_ms`, `old`.`origin`, (SELECT max(`id`) FROM `messages`)
	FROM `message_changes` AS `old`
	JOIN `messages` AS `m` ON `m`.`msg_uid` = `old`.`msg_uid` AND `m`.`app_key` = `old`.`app_key`
	JOIN `conversations` AS `c` ON `c`.`id` = `m`.`conversation_id`;--> statement-breakpoint
DROP TRIGGER `messages_counted`;--> statement-breakpoint
DROP TRIGGER `messages_unlisted`;--> statement-breakpoint
DROP TRIGGER `messages_deleted`;--> statement-breakpoint
DROP TABLE `message_changes`;--> statement-breakpoint
ALTER TABLE `__new_message_changes` RENAME TO `message_changes`;--> statement-breakpoint
CREATE UNIQUE INDEX `message_changes_identity` ON `message_changes` (`app_key`,`identity`);--> statement-breakpoint
CREATE INDEX `message_changes_by_message` ON `message_changes` (`msg_uid`,`app_key`) WHERE msg_uid IS NOT NULL;--> statement-breakpoint
CREATE INDEX `message_changes_by_conversation` ON `message_changes` (`target_id`,`user_id`,`channel_type`,`app_key`,`bus_channel`,`up_to_ms`) WHERE msg_uid IS NULL;--> statement-breakpoint
ALTER TABLE `conversations` ADD `shown_after_ms` integer DEFAULT -1 NOT NULL;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `replayed_at_ms` integer;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `replay_outcome` text;--> statement-breakpoint
-- Which change counts for which message: one of the same app and conversation.
CREATE VIEW `counted_changes` AS
SELECT `messages`.`id` AS `message_id`, `messages`.`conversation_id`,
	`ch`.`id` AS `change_id`, `ch`.`kind`, `ch`.`by_user_id`, `ch`.`data`
FROM `messages`
JOIN `conversations` AS `c` ON `c`.`id` = `messages`.`conversation_id`
JOIN `message_changes` AS `ch` ON `ch`.`msg_uid` = `messages`.`msg_uid` AND `ch`.`app_key` = `messages`.`app_key`
	AND (`ch`.`channel_type` IS NULL OR (`ch`.`channel_type` = `c`.`channel_type` AND `ch`.`user_id` = `c`.`user_id`
		AND `ch`.`target_id` = `c`.`target_id` AND `ch`.`bus_channel` = `c`.`bus_channel`));
--> statement-breakpoint
-- Those that take a message out of the member's view: recalled without a trace, or deleted by the member.
CREATE VIEW `hiding_changes` AS
SELECT `message_id`, `change_id` FROM `counted_changes`
WHERE (`kind` = 'recall' AND json_extract(`data`, '$.isDelete'))
	OR (`kind` = 'delete' AND `by_user_id` = (
		SELECT `member_user_id` FROM `chats` JOIN `conversations` ON `chat_id` = `chats`.`id`
		WHERE `conversations`.`id` = `conversation_id`
	));
--> statement-breakpoint
-- What follows from a message, kept right in the same transaction for every writer.
-- listing 2 = always in chat-records/list; see LISTING in src/archive/schema.ts.
CREATE TRIGGER `messages_counted` AFTER INSERT ON `messages`
BEGIN
	UPDATE `conversations` SET
		`message_count` = `message_count` + 1,
		`last_message_id` = CASE WHEN `last_sent_at_ms` > NEW.`sent_at_ms` THEN `last_message_id` ELSE NEW.`id` END,
		`last_sent_at_ms` = CASE WHEN `last_sent_at_ms` > NEW.`sent_at_ms` THEN `last_sent_at_ms` ELSE NEW.`sent_at_ms` END,
		`listed_count` = `listed_count` + (NEW.`listing` = 2 AND NEW.`sent_at_ms` > `shown_after_ms`),
		`last_listed_id` = CASE
			WHEN NEW.`listing` <> 2 OR NEW.`sent_at_ms` <= `shown_after_ms` OR `last_listed_at_ms` > NEW.`sent_at_ms`
			THEN `last_listed_id` ELSE NEW.`id` END,
		`last_listed_at_ms` = CASE
			WHEN NEW.`listing` <> 2 OR NEW.`sent_at_ms` <= `shown_after_ms` OR `last_listed_at_ms` > NEW.`sent_at_ms`
			THEN `last_listed_at_ms` ELSE NEW.`sent_at_ms` END
	WHERE `id` = NEW.`conversation_id`;
	-- Its changes may have come before it.
	UPDATE `messages` SET `listing` = 0
	WHERE `id` = NEW.`id` AND EXISTS (SELECT 1 FROM `hiding_changes` WHERE `message_id` = NEW.`id`);
END;
--> statement-breakpoint
-- A message that the member no longer sees leaves the count, and the newest of the rest takes its place.
CREATE TRIGGER `messages_unlisted` AFTER UPDATE OF `listing` ON `messages`
WHEN OLD.`listing` = 2 AND NEW.`listing` <> 2
BEGIN
	UPDATE `conversations` SET
		`listed_count` = `listed_count` - 1,
		(`last_listed_id`, `last_listed_at_ms`) = (
			SELECT `id`, `sent_at_ms` FROM `messages`
			WHERE `conversation_id` = NEW.`conversation_id` AND `listing` = 2 AND `sent_at_ms` > `shown_after_ms`
			ORDER BY `sent_at_ms` DESC, `id` DESC LIMIT 1
		)
	WHERE `id` = NEW.`conversation_id` AND NEW.`sent_at_ms` > `shown_after_ms`;
END;
--> statement-breakpoint
CREATE TRIGGER `messages_hidden` AFTER INSERT ON `message_changes`
WHEN NEW.`msg_uid` IS NOT NULL AND NEW.`kind` IN ('recall', 'delete')
BEGIN
	UPDATE `messages` SET `listing` = 0
	WHERE `id` IN (SELECT `message_id` FROM `hiding_changes` WHERE `change_id` = NEW.`id`);
END;
--> statement-breakpoint
-- A member who empties their view of a conversation up to a moment no longer sees what was sent until then, nor
-- what of it arrives later. Of such a row only the moment is kept, not a change to each message.
CREATE TRIGGER `conversations_emptied` AFTER INSERT ON `message_changes`
WHEN NEW.`msg_uid` IS NULL AND NEW.`kind` = 'delete'
BEGIN
	UPDATE `conversations` SET `shown_after_ms` = NEW.`up_to_ms`
	WHERE `app_key` = NEW.`app_key` AND `channel_type` = NEW.`channel_type` AND `user_id` = NEW.`user_id`
		AND `target_id` = NEW.`target_id` AND `bus_channel` = NEW.`bus_channel` AND `shown_after_ms` < NEW.`up_to_ms`
		AND NEW.`by_user_id` = (SELECT `member_user_id` FROM `chats` WHERE `chats`.`id` = `chat_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `conversations_emptied_before` AFTER INSERT ON `conversations` WHEN NEW.`chat_id` IS NOT NULL
BEGIN
	UPDATE `conversations` SET `shown_after_ms` = coalesce((
		SELECT max(`up_to_ms`) FROM `message_changes` AS `ch`
		WHERE `msg_uid` IS NULL AND `kind` = 'delete' AND `ch`.`app_key` = NEW.`app_key`
			AND `ch`.`channel_type` = NEW.`channel_type` AND `ch`.`user_id` = NEW.`user_id`
			AND `ch`.`target_id` = NEW.`target_id` AND `ch`.`bus_channel` = NEW.`bus_channel`
			AND `ch`.`by_user_id` = (SELECT `member_user_id` FROM `chats` WHERE `chats`.`id` = NEW.`chat_id`)
	), -1)
	WHERE `id` = NEW.`id`;
END;
--> statement-breakpoint
CREATE TRIGGER `conversations_relisted` AFTER UPDATE OF `shown_after_ms` ON `conversations`
WHEN NEW.`shown_after_ms` <> OLD.`shown_after_ms`
BEGIN
	UPDATE `conversations` SET
		`listed_count` = (
			SELECT count(*) FROM `messages`
			WHERE `conversation_id` = NEW.`id` AND `listing` = 2 AND `sent_at_ms` > NEW.`shown_after_ms`
		),
		(`last_listed_id`, `last_listed_at_ms`) = (
			SELECT `id`, `sent_at_ms` FROM `messages`
			WHERE `conversation_id` = NEW.`id` AND `listing` = 2 AND `sent_at_ms` > NEW.`shown_after_ms`
			ORDER BY `sent_at_ms` DESC, `id` DESC LIMIT 1
		)
	WHERE `id` = NEW.`id`;
END;
