"""What a user asks, settled once before a study begins (config, options, rules, inputs), and a file for each study."""
