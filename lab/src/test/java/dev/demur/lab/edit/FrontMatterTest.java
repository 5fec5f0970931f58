package dev.demur.lab.edit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.edit.FrontMatter.Relation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// E: base_model, relation, licence, library and tags of what Demur writes.
class FrontMatterTest {

  @TempDir Path folder;

  @Test
  void tellsBaseRelationLibraryAndTheSourcesLicence() throws IOException {
    source(
        """
        ---
        license: other
        license_name: some-research
        license_link: https://example.org/some/LICENSE
        language: en
        ---
        # The source
        license: mit
        """);
    assertThat(FrontMatter.of("org/source", Relation.FINETUNE, folder).text())
        .isEqualTo(
            """
            ---
            base_model: org/source
            base_model_relation: finetune
            library_name: transformers
            pipeline_tag: text-generation
            license: other
            license_name: some-research
            license_link: https://example.org/some/LICENSE
            tags:
            - demur-edited
            - refusal-direction
            ---\
            """);
    assertThat(FrontMatter.of("org/source", Relation.ADAPTER, folder).text())
        .contains("base_model_relation: adapter\nlibrary_name: peft\n");
  }

  @Test
  void namesNoBaseThatTheHubDoesNotKnow() throws IOException {
    assertThat(FrontMatter.of("source", Relation.FINETUNE, folder).text())
        .doesNotContain("base_model")
        .doesNotContain("license");
  }

  @Test
  void takesNothingOverThatIsNotOnePlainValue() throws IOException {
    source("---\nlicense: [mit, {a: b}]\nlicense_name: \"x\\ny: z\"\nlicense_link: a b\n---\n");
    assertThat(FrontMatter.of("org/source", Relation.FINETUNE, folder).licence()).isEmpty();
    source("no front matter\nlicense: mit\n---\n");
    assertThat(FrontMatter.of("org/source", Relation.FINETUNE, folder).licence()).isEmpty();
  }

  private void source(String card) throws IOException {
    Files.writeString(folder.resolve("README.md"), card);
  }
}
