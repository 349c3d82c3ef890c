"""What `doctor` looks at beside what a start looks at itself: the machine, the disk, files of secrets, the network."""
