CREATE TABLE `imported_files` (
	`sha256` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`imported_at_ms` integer NOT NULL,
	`read` integer NOT NULL,
	`known` integer NOT NULL,
	`filled` integer NOT NULL,
	`different` integer NOT NULL,
	`unreadable` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `log_pauses` (
	`app_key` text PRIMARY KEY NOT NULL,
	`until_ms` integer NOT NULL,
	`reason` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `proven_hours` (
	`app_key` text NOT NULL,
	`hour_start_ms` integer NOT NULL,
	`proven_at_ms` integer NOT NULL,
	`read` integer NOT NULL,
	`known` integer NOT NULL,
	`filled` integer NOT NULL,
	`different` integer NOT NULL,
	`unreadable` integer NOT NULL,
	PRIMARY KEY(`app_key`, `hour_start_ms`)
);
--> statement-breakpoint
ALTER TABLE `messages` ADD `log_flags` integer;--> statement-breakpoint
-- What the log says was not delivered leaves the view of a member who did not send it: bit 1 is isDiscard, 4 isForbidden
-- (src/domain/log-flags.ts). The row of conversations follows by messages_unlisted.
CREATE TRIGGER `messages_undelivered` AFTER UPDATE OF `log_flags` ON `messages`
WHEN NEW.`log_flags` & 5 AND NEW.`listing` <> 0
BEGIN
	UPDATE `messages` SET `listing` = 0
	WHERE `id` = NEW.`id` AND `from_user_id` IS NOT (
		SELECT `member_user_id` FROM `conversations` JOIN `chats` ON `chats`.`id` = `chat_id`
		WHERE `conversations`.`id` = NEW.`conversation_id`
	);
END;
--> statement-breakpoint
-- A callback that takes the place of what a log brought may know the time better.
CREATE TRIGGER `messages_retimed` AFTER UPDATE OF `sent_at_ms` ON `messages`
WHEN OLD.`sent_at_ms` <> NEW.`sent_at_ms`
BEGIN
	UPDATE `conversations` SET
		(`last_message_id`, `last_sent_at_ms`) = (
			SELECT `id`, `sent_at_ms` FROM `messages` WHERE `conversation_id` = NEW.`conversation_id`
			ORDER BY `sent_at_ms` DESC, `id` DESC LIMIT 1
		),
		`listed_count` = (
			SELECT count(*) FROM `messages`
			WHERE `conversation_id` = NEW.`conversation_id` AND `listing` = 2 AND `sent_at_ms` > `shown_after_ms`
		),
		(`last_listed_id`, `last_listed_at_ms`) = (
			SELECT `id`, `sent_at_ms` FROM `messages`
			WHERE `conversation_id` = NEW.`conversation_id` AND `listing` = 2 AND `sent_at_ms` > `shown_after_ms`
			ORDER BY `sent_at_ms` DESC, `id` DESC LIMIT 1
		)
	WHERE `id` = NEW.`conversation_id`;
END;
