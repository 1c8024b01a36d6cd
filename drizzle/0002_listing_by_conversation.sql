-- The member's view is counted per conversation, so that a message touches one row of counts and one index of
-- its conversation instead of two.
DROP TRIGGER `messages_counted`;--> statement-breakpoint
DROP TRIGGER `messages_listed`;--> statement-breakpoint
DROP TRIGGER `messages_unlisted`;--> statement-breakpoint
DROP TRIGGER `messages_deleted`;--> statement-breakpoint
DROP INDEX `messages_by_chat`;--> statement-breakpoint
DROP INDEX `messages_by_sender`;--> statement-breakpoint
DROP INDEX `messages_by_target`;--> statement-breakpoint
DROP INDEX `messages_by_conversation`;--> statement-breakpoint
CREATE INDEX `messages_by_conversation` ON `messages` (`conversation_id`,`sent_at_ms`,`id`,`listing`,`object_name`,`from_user_id`);--> statement-breakpoint
ALTER TABLE `messages` DROP COLUMN `chat_id`;--> statement-breakpoint
ALTER TABLE `conversations` ADD `listed_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `conversations` ADD `last_listed_id` integer;--> statement-breakpoint
ALTER TABLE `conversations` ADD `last_listed_at_ms` integer;--> statement-breakpoint
CREATE INDEX `conversations_by_chat` ON `conversations` (`chat_id`) WHERE chat_id IS NOT NULL;--> statement-breakpoint
ALTER TABLE `chats` DROP COLUMN `message_count`;--> statement-breakpoint
ALTER TABLE `chats` DROP COLUMN `last_message_id`;--> statement-breakpoint
ALTER TABLE `chats` DROP COLUMN `last_sent_at_ms`;--> statement-breakpoint
UPDATE `conversations` SET
	`listed_count` = (SELECT count(*) FROM `messages` WHERE `conversation_id` = `conversations`.`id` AND `listing` = 2),
	(`last_listed_id`, `last_listed_at_ms`) = (
		SELECT `id`, `sent_at_ms` FROM `messages`
		WHERE `conversation_id` = `conversations`.`id` AND `listing` = 2
		ORDER BY `sent_at_ms` DESC, `id` DESC LIMIT 1
	);--> statement-breakpoint
CREATE TABLE `senders` (
	`user_id` text NOT NULL,
	`conversation_id` integer NOT NULL,
	PRIMARY KEY(`user_id`, `conversation_id`)
) WITHOUT ROWID;--> statement-breakpoint
INSERT INTO `senders` SELECT DISTINCT `from_user_id`, `conversation_id` FROM `messages`
	WHERE (SELECT `user_id` FROM `conversations` WHERE `id` = `conversation_id`) = '';--> statement-breakpoint
-- What follows from a message, kept right in the same transaction for every writer.
-- listing 2 = always in chat-records/list; see LISTING in src/archive/schema.ts.
CREATE TRIGGER `messages_counted` AFTER INSERT ON `messages`
BEGIN
	UPDATE `conversations` SET
		`message_count` = `message_count` + 1,
		`last_message_id` = CASE WHEN `last_sent_at_ms` > NEW.`sent_at_ms` THEN `last_message_id` ELSE NEW.`id` END,
		`last_sent_at_ms` = CASE WHEN `last_sent_at_ms` > NEW.`sent_at_ms` THEN `last_sent_at_ms` ELSE NEW.`sent_at_ms` END,
		`listed_count` = `listed_count` + (NEW.`listing` = 2),
		`last_listed_id` = CASE WHEN NEW.`listing` <> 2 OR `last_listed_at_ms` > NEW.`sent_at_ms`
			THEN `last_listed_id` ELSE NEW.`id` END,
		`last_listed_at_ms` = CASE WHEN NEW.`listing` <> 2 OR `last_listed_at_ms` > NEW.`sent_at_ms`
			THEN `last_listed_at_ms` ELSE NEW.`sent_at_ms` END
	WHERE `id` = NEW.`conversation_id`;
END;
--> statement-breakpoint
CREATE TRIGGER `messages_sender` AFTER INSERT ON `messages`
WHEN (SELECT `user_id` FROM `conversations` WHERE `id` = NEW.`conversation_id`) = ''
BEGIN
	INSERT INTO `senders` VALUES (NEW.`from_user_id`, NEW.`conversation_id`) ON CONFLICT DO NOTHING;
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
			WHERE `conversation_id` = NEW.`conversation_id` AND `listing` = 2
			ORDER BY `sent_at_ms` DESC, `id` DESC LIMIT 1
		)
	WHERE `id` = NEW.`conversation_id`;
END;
--> statement-breakpoint
-- A deletion empties the view of the one who deleted; chat-records shows the member's view.
CREATE TRIGGER `messages_deleted` AFTER INSERT ON `message_changes` WHEN NEW.`kind` = 'delete'
BEGIN
	UPDATE `messages` SET `listing` = 0
	WHERE `msg_uid` = NEW.`msg_uid` AND `app_key` = NEW.`app_key`
		AND EXISTS (
			SELECT 1 FROM `conversations` JOIN `chats` ON `chats`.`id` = `conversations`.`chat_id`
			WHERE `conversations`.`id` = `messages`.`conversation_id` AND `member_user_id` = NEW.`by_user_id`
		);
END;
