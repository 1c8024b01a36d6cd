-- Texts have more tokens than those that are indexed (docs/decisions/0009), so the server makes the index again. Until
-- it has, a search looks at the messages themselves and misses nothing. Row 2 is the progress of these tokens: what a
-- Worker of the version before indexes until it is replaced does not count.
INSERT INTO `message_search` (`message_search`) VALUES ('delete-all');--> statement-breakpoint
UPDATE `search_progress` SET `id` = 2, `indexed_up_to` = 0, `rewound` = `rewound` + 1;
