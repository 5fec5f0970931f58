package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What docs/library.md tells who builds with Maven or Gradle.
class LibraryDocsTest {

  private static final Pattern DEPENDENCY = Pattern.compile("(?s)<dependency>.*?</dependency>");
  private static final Pattern BACKEND =
      Pattern.compile("<artifactId>(slf4j-(?!api)|logback-|log4j-core|log4j-slf4j)");

  @ParameterizedTest
  @ValueSource(strings = {"model", "lab", "toy", "serve"})
  void theLibraryCarriesNoLoggingBackend(String module) throws IOException {
    var dependencies =
        DEPENDENCY
            .matcher(Files.readString(Path.of("..", module, "pom.xml")))
            .results()
            .map(MatchResult::group)
            .toList();
    assertThat(dependencies).isNotEmpty();
    assertThat(dependencies)
        .filteredOn(dependency -> BACKEND.matcher(dependency).find())
        .allMatch(dependency -> dependency.contains("<scope>test</scope>"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"javacpp", "openblas", "pytorch"})
  void gradleUsersAreGivenTheVersionsOfTheBuild(String library) throws IOException {
    String pom = Files.readString(Path.of("../pom.xml"));
    var version = Pattern.compile("<" + library + "\\.version>(.*?)<").matcher(pom);
    assertThat(version.find()).isTrue();
    assertThat(Files.readString(Path.of("../docs/library.md")))
        .contains("'" + library + ":" + version.group(1) + "'");
  }

  @Test
  void everyExampleIsListed() throws IOException {
    String page = Files.readString(Path.of("../docs/library.md"));
    try (var examples = Files.list(Path.of("../examples"))) {
      assertThat(examples.map(file -> file.getFileName().toString()))
          .isNotEmpty()
          .allMatch(name -> page.contains("`" + name + "`"));
    }
  }
}
