-- What follows from a message, kept right in the same transaction for every writer.
-- listing 2 = always in chat-records/list; see LISTING in src/archive/schema.ts.
CREATE TRIGGER `messages_counted` AFTER INSERT ON `messages`
BEGIN
	UPDATE `conversations` SET
		`message_count` = `message_count` + 1,
		`last_message_id` = CASE WHEN `last_sent_at_ms` > NEW.`sent_at_ms` THEN `last_message_id` ELSE NEW.`id` END,
		`last_sent_at_ms` = CASE WHEN `last_sent_at_ms` > NEW.`sent_at_ms` THEN `last_sent_at_ms` ELSE NEW.`sent_at_ms` END
	WHERE `id` = NEW.`conversation_id`;
END;
--> statement-breakpoint
CREATE TRIGGER `messages_listed` AFTER INSERT ON `messages` WHEN NEW.`chat_id` IS NOT NULL AND NEW.`listing` = 2
BEGIN
	UPDATE `chats` SET
		`message_count` = `message_count` + 1,
		`last_message_id` = CASE WHEN `last_sent_at_ms` > NEW.`sent_at_ms` THEN `last_message_id` ELSE NEW.`id` END,
		`last_sent_at_ms` = CASE WHEN `last_sent_at_ms` > NEW.`sent_at_ms` THEN `last_sent_at_ms` ELSE NEW.`sent_at_ms` END
	WHERE `id` = NEW.`chat_id`;
END;
--> statement-breakpoint
-- A message that the member no longer sees leaves the count, and the newest of the rest takes its place.
CREATE TRIGGER `messages_unlisted` AFTER UPDATE OF `listing` ON `messages`
WHEN NEW.`chat_id` IS NOT NULL AND OLD.`listing` = 2 AND NEW.`listing` <> 2
BEGIN
	UPDATE `chats` SET
		`message_count` = `message_count` - 1,
		(`last_message_id`, `last_sent_at_ms`) = (
			SELECT `id`, `sent_at_ms` FROM `messages`
			WHERE `chat_id` = NEW.`chat_id` AND `listing` = 2
			ORDER BY `sent_at_ms` DESC, `id` DESC LIMIT 1
		)
	WHERE `id` = NEW.`chat_id`;
END;
--> statement-breakpoint
-- A deletion empties the view of the one who deleted; chat-records shows the member's view.
CREATE TRIGGER `messages_deleted` AFTER INSERT ON `message_changes` WHEN NEW.`kind` = 'delete'
BEGIN
	UPDATE `messages` SET `listing` = 0
	WHERE `msg_uid` = NEW.`msg_uid` AND `app_key` = NEW.`app_key`
		AND EXISTS (SELECT 1 FROM `chats` WHERE `id` = `messages`.`chat_id` AND `member_user_id` = NEW.`by_user_id`);
END;
