CREATE TABLE `chats` (
	`id` integer PRIMARY KEY NOT NULL,
	`app_key` text NOT NULL,
	`member_id` integer NOT NULL,
	`seller_id` text NOT NULL,
	`member_user_id` text NOT NULL,
	`seller_user_id` text NOT NULL,
	`message_count` integer DEFAULT 0 NOT NULL,
	`last_message_id` integer,
	`last_sent_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `chats_by_member` ON `chats` (`app_key`,`member_id`,`seller_id`);--> statement-breakpoint
CREATE TABLE `conversations` (
	`id` integer PRIMARY KEY NOT NULL,
	`app_key` text NOT NULL,
	`channel_type` text NOT NULL,
	`user_id` text NOT NULL,
	`target_id` text NOT NULL,
	`bus_channel` text NOT NULL,
	`chat_id` integer,
	`message_count` integer DEFAULT 0 NOT NULL,
	`last_message_id` integer,
	`last_sent_at_ms` integer,
	FOREIGN KEY (`chat_id`) REFERENCES `chats`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_key` ON `conversations` (`app_key`,`channel_type`,`user_id`,`target_id`,`bus_channel`);--> statement-breakpoint
CREATE INDEX `conversations_by_activity` ON `conversations` (`last_sent_at_ms`);--> statement-breakpoint
CREATE INDEX `conversations_by_user` ON `conversations` (`user_id`) WHERE user_id <> '';--> statement-breakpoint
CREATE INDEX `conversations_by_target` ON `conversations` (`target_id`);--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`app_key` text NOT NULL,
	`kind` text NOT NULL,
	`reason` text NOT NULL,
	`detail` text NOT NULL,
	`query` text NOT NULL,
	`content_type` text,
	`body` text NOT NULL,
	`body_encoding` text NOT NULL,
	`body_sha256` text NOT NULL,
	`remote_address` text,
	`nonce_reused` integer NOT NULL,
	`received_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_identity` ON `deliveries` (`app_key`,`kind`,`reason`,`body_sha256`);--> statement-breakpoint
CREATE TABLE `message_changes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`app_key` text NOT NULL,
	`msg_uid` text NOT NULL,
	`kind` text NOT NULL,
	`by_user_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`received_at_ms` integer NOT NULL,
	`origin` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `message_changes_identity` ON `message_changes` (`msg_uid`,`app_key`,`kind`,`by_user_id`);--> statement-breakpoint
CREATE TABLE `messages` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`app_key` text NOT NULL,
	`msg_uid` text NOT NULL,
	`conversation_id` integer NOT NULL,
	`chat_id` integer,
	`listing` integer NOT NULL,
	`from_user_id` text NOT NULL,
	`target_id` text NOT NULL,
	`object_name` text NOT NULL,
	`content` text NOT NULL,
	`sent_at_ms` integer NOT NULL,
	`received_at_ms` integer NOT NULL,
	`origin` text NOT NULL,
	`source` text,
	`sensitive_type` integer,
	`fields` text,
	`problem` text,
	`nonce_reused` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_identity` ON `messages` (`msg_uid`,`app_key`);--> statement-breakpoint
CREATE INDEX `messages_by_time` ON `messages` (`sent_at_ms`);--> statement-breakpoint
CREATE INDEX `messages_by_conversation` ON `messages` (`conversation_id`,`sent_at_ms`);--> statement-breakpoint
CREATE INDEX `messages_by_sender` ON `messages` (`from_user_id`,`sent_at_ms`);--> statement-breakpoint
CREATE INDEX `messages_by_target` ON `messages` (`target_id`,`sent_at_ms`);--> statement-breakpoint
CREATE INDEX `messages_by_chat` ON `messages` (`chat_id`,`listing`,`sent_at_ms`,`id`,`object_name`) WHERE chat_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `messages_with_problem` ON `messages` (`sent_at_ms`) WHERE problem IS NOT NULL;--> statement-breakpoint
CREATE INDEX `messages_not_by_callback` ON `messages` (`origin`,`sent_at_ms`) WHERE origin <> 'callback';--> statement-breakpoint
CREATE INDEX `messages_not_text` ON `messages` (`object_name`,`sent_at_ms`) WHERE object_name <> 'RC:TxtMsg';--> statement-breakpoint
CREATE TABLE `sellers` (
	`app_key` text NOT NULL,
	`seller_id` text NOT NULL,
	`shop_name` text,
	`logo` text,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`app_key`, `seller_id`)
);
--> statement-breakpoint
CREATE TABLE `user_profiles` (
	`app_key` text NOT NULL,
	`user_id` text NOT NULL,
	`name` text,
	`portrait` text,
	`sent_at_ms` integer NOT NULL,
	PRIMARY KEY(`app_key`, `user_id`)
);
--> statement-breakpoint
CREATE TABLE `write_checks` (
	`id` integer PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL
);
