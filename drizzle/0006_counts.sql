CREATE TABLE `callback_counts` (
	`hour_start_ms` integer NOT NULL,
	`app_key` text NOT NULL,
	`kind` text NOT NULL,
	`outcome` text NOT NULL,
	`reason` text NOT NULL,
	`callbacks` integer NOT NULL,
	PRIMARY KEY(`hour_start_ms`, `app_key`, `kind`, `outcome`, `reason`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `count_progress` (
	`id` integer PRIMARY KEY NOT NULL,
	`counted_up_to` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `message_counts` (
	`hours` integer NOT NULL,
	`start_ms` integer NOT NULL,
	`app_key` text NOT NULL,
	`object_name` text NOT NULL,
	`channel_type` text NOT NULL,
	`origin` text NOT NULL,
	`messages` integer NOT NULL,
	PRIMARY KEY(`hours`, `start_ms`, `app_key`, `object_name`, `channel_type`, `origin`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `deliveries_waiting` ON `deliveries` (`reason`) WHERE replayed_at_ms IS NULL;--> statement-breakpoint
-- What takes the place of a counted message is counted instead of it.
CREATE TRIGGER `messages_recounted` AFTER UPDATE OF `app_key`, `sent_at_ms`, `object_name`, `conversation_id`, `origin` ON `messages`
WHEN NEW.`id` <= (SELECT `counted_up_to` FROM `count_progress`)
BEGIN
	UPDATE `message_counts` SET `messages` = `messages` - 1
	WHERE (`hours`, `start_ms`) IN (VALUES
			(1, OLD.`sent_at_ms` - OLD.`sent_at_ms` % 3600000), (8, OLD.`sent_at_ms` - OLD.`sent_at_ms` % 28800000))
		AND `app_key` = OLD.`app_key` AND `object_name` = OLD.`object_name` AND `origin` = OLD.`origin`
		AND `channel_type` = (SELECT `channel_type` FROM `conversations` WHERE `id` = OLD.`conversation_id`);
	INSERT INTO `message_counts`
		SELECT `size`.`value`, NEW.`sent_at_ms` - NEW.`sent_at_ms` % (`size`.`value` * 3600000),
			NEW.`app_key`, NEW.`object_name`, `channel_type`, NEW.`origin`, 1
		FROM `conversations`, json_each('[1,8]') AS `size` WHERE `conversations`.`id` = NEW.`conversation_id`
		ON CONFLICT DO UPDATE SET `messages` = `messages` + 1;
END;
