package dev.demur.kit;

import dev.demur.model.format.ModelFiles;
import tools.jackson.databind.JsonNode;

/// A model's files with another configuration.
public record WithConfig(ModelFiles files, JsonNode config) implements FilesOver {}
