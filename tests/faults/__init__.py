SLATE, BOARD = "slate:1", "board:1"
