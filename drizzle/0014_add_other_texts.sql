ALTER TABLE `deliveries` ADD `other_text_of` integer;--> statement-breakpoint
CREATE INDEX `deliveries_by_message` ON `deliveries` (`other_text_of`) WHERE other_text_of IS NOT NULL;--> statement-breakpoint
ALTER TABLE `search_progress` ADD `changes_up_to` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `message_changes_of_words` ON `message_changes` (`msg_uid`,`app_key`) WHERE (kind IN ('edit', 'packet') OR (kind = 'expansion' AND instr(data, 'RC_Ext_StreamMsgSummary')));--> statement-breakpoint
CREATE INDEX `message_changes_of_words_in_order` ON `message_changes` (`id`) WHERE (kind IN ('edit', 'packet') OR (kind = 'expansion' AND instr(data, 'RC_Ext_StreamMsgSummary')));