CREATE TABLE `search_blocks` (
	`block` integer PRIMARY KEY NOT NULL,
	`first_sent_at_ms` integer NOT NULL,
	`last_sent_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `search_blocks_newest` ON `search_blocks` (`last_sent_at_ms`,`first_sent_at_ms`);--> statement-breakpoint
CREATE TABLE `search_progress` (
	`id` integer PRIMARY KEY NOT NULL,
	`surveyed_up_to` integer NOT NULL,
	`indexed_up_to` integer NOT NULL,
	`rewound` integer NOT NULL
);
--> statement-breakpoint
-- The full-text index. Its rows are ids of messages, its tokens those of src/domain/search-tokens.ts: nothing in them is
-- for this tokenizer to fold or to cut. Where in a text they stand is looked up in the text (docs/decisions/0009).
CREATE VIRTUAL TABLE `message_search` USING fts5(`tokens`, content='', contentless_delete=1, detail=none, tokenize='ascii');
--> statement-breakpoint
-- What takes the place of a message is indexed again, with what came after it.
CREATE TRIGGER `messages_replaced` AFTER UPDATE OF `content`, `object_name`, `from_user_id`, `target_id`, `sent_at_ms` ON `messages`
BEGIN
	UPDATE `search_progress` SET
		`surveyed_up_to` = min(`surveyed_up_to`, NEW.`id` - 1),
		`indexed_up_to` = min(`indexed_up_to`, NEW.`id` - 1),
		`rewound` = `rewound` + 1;
END;
