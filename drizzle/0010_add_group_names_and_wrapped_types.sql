CREATE TABLE `group_names` (
	`app_key` text NOT NULL,
	`group_id` text NOT NULL,
	`name` text NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`app_key`, `group_id`)
);
--> statement-breakpoint
CREATE TABLE `__new_unknown_object_names` (
	`app_key` text NOT NULL,
	`object_name` text NOT NULL,
	`msg_type` text DEFAULT '' NOT NULL,
	`message_count` integer NOT NULL,
	`first_received_at_ms` integer NOT NULL,
	`last_received_at_ms` integer NOT NULL,
	`example_msg_uid` text NOT NULL,
	PRIMARY KEY(`app_key`, `object_name`, `msg_type`)
);
--> statement-breakpoint
INSERT INTO `__new_unknown_object_names`("app_key", "object_name", "msg_type", "message_count", "first_received_at_ms", "last_received_at_ms", "example_msg_uid") SELECT "app_key", "object_name", '', "message_count", "first_received_at_ms", "last_received_at_ms", "example_msg_uid" FROM `unknown_object_names`;--> statement-breakpoint
DROP TABLE `unknown_object_names`;--> statement-breakpoint
ALTER TABLE `__new_unknown_object_names` RENAME TO `unknown_object_names`;