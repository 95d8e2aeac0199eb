"""The small model that comes with the package: judges one requirement against an answer, without any
service."""
