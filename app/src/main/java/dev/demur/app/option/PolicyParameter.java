package dev.demur.app.option;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The policy a command is about, with what its names stand for.
public final class PolicyParameter {

  @Parameters(paramLabel = "POLICY", description = "A policy file, or a line of the language.")
  private String policy = "";

  @Option(
      names = "--vector",
      paramLabel = "NAME=PATH",
      description = "What a name in the line stands for; may be repeated.")
  private Map<String, Path> vectors = new LinkedHashMap<>();

  /// The policy as it was typed.
  public PolicyArgument argument() {
    return new PolicyArgument(policy, vectors);
  }
}
