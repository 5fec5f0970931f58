package dev.demur.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.FakeHub;
import dev.demur.model.hub.CheckedFile.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Looking at a cache as huggingface_hub leaves it.
class CachedModelsTest {

  private static final String COMMIT = FakeHub.COMMIT;

  @TempDir Path root;

  private Path model;
  private Path snapshot;

  @BeforeEach
  void fill() throws IOException {
    model = Files.createDirectories(root.resolve("models--org--name"));
    snapshot = Files.createDirectories(model.resolve("snapshots").resolve(COMMIT));
    Files.createDirectories(model.resolve("blobs"));
    Files.createDirectories(model.resolve("refs/refs/pr"));
    Files.writeString(model.resolve("refs/main"), COMMIT);
    Files.writeString(model.resolve("refs/refs/pr/1"), COMMIT);
    link("config.json", "{}", FakeHub.gitHash(utf8("{}")));
    link("model.safetensors", "weights", FakeHub.sha256(utf8("weights")));
  }

  @Test
  void listsModelsWithTheirRevisions() throws IOException {
    Files.createDirectories(root.resolve("models--gpt2/snapshots"));
    Files.createDirectories(root.resolve("datasets--org--set/snapshots"));
    Files.writeString(root.resolve("CACHEDIR.TAG"), "x");
    Path other = Files.createDirectories(model.resolve("snapshots").resolve("f".repeat(40)));
    Files.createSymbolicLink(
        other.resolve("config.json"), Path.of("../../blobs", FakeHub.gitHash(utf8("{}"))));
    Files.writeString(model.resolve("blobs/abc.incomplete"), "par");
    var models = CachedModels.list(new HubCache(root));
    assertThat(models).extracting(CachedModel::name).containsExactly("gpt2", "org/name");
    var found = models.getLast();
    assertThat(found.bytes()).isEqualTo(9);
    assertThat(found.unfinished()).isEqualTo(1);
    assertThat(found.revisions()).hasSize(2);
    assertThat(found.revisions())
        .filteredOn(revision -> revision.commit().equals(COMMIT))
        .first()
        .satisfies(
            revision -> {
              assertThat(revision.refs()).containsExactly("main", "refs/pr/1");
              assertThat(revision.files()).isEqualTo(2);
              assertThat(revision.bytes()).isEqualTo(9);
            });
    assertThat(CachedModels.list(new HubCache(root.resolve("nowhere")))).isEmpty();
  }

  @Test
  void soundFilesAreSound() throws IOException {
    assertThat(check()).isEqualTo("config.json ok, model.safetensors ok");
  }

  @Test
  void findsDamageWithoutTheNetwork() throws IOException {
    Files.writeString(snapshot.resolve("model.safetensors"), "Weights");
    assertThat(check()).isEqualTo("config.json ok, model.safetensors damaged");
    assertThat(checked().getLast().detail())
        .contains("delete " + model.resolve("blobs").toRealPath());
  }

  @Test
  void findsWhatIsMissing() throws IOException {
    Files.delete(model.resolve("blobs").resolve(FakeHub.gitHash(utf8("{}"))));
    String index = "{\"weight_map\":{\"a\":\"model.safetensors\",\"b\":\"model-2.safetensors\"}}";
    link("model.safetensors.index.json", index, FakeHub.gitHash(utf8(index)));
    Files.writeString(model.resolve("blobs/abc.incomplete"), "par");
    assertThat(check())
        .isEqualTo(
            "config.json missing, model.safetensors ok, model.safetensors.index.json ok,"
                + " model-2.safetensors missing, blobs/abc.incomplete unfinished");
  }

  @Test
  void withoutLinksTheTreeFileTells() throws IOException {
    Files.delete(snapshot.resolve("config.json"));
    Files.writeString(snapshot.resolve("config.json"), "{}");
    assertThat(check()).isEqualTo("config.json unknown, model.safetensors ok");
    Files.createDirectories(model.resolve("trees"));
    Files.writeString(
        model.resolve("trees").resolve(COMMIT + ".json"),
        "{\"format_version\":1,\"files\":{\"config.json\":{\"size\":2,\"blob_id\":\"%s\"}}}"
            .formatted(FakeHub.gitHash(utf8("{}"))));
    assertThat(check()).isEqualTo("config.json ok, model.safetensors ok");
    Files.writeString(snapshot.resolve("config.json"), "[]");
    assertThat(check()).isEqualTo("config.json damaged, model.safetensors ok");
  }

  @Test
  void contentSharedBetweenModelsIsFollowed() throws IOException {
    // huggingface_hub 2 keeps some blobs once for all models and links to them from blobs/.
    Path blob = model.resolve("blobs").resolve(FakeHub.sha256(utf8("weights")));
    Path shared = Files.createDirectories(root.resolve("blobs/ab")).resolve("ab12");
    Files.move(blob, shared);
    Files.createSymbolicLink(blob, Path.of("../../blobs/ab/ab12"));
    assertThat(check()).isEqualTo("config.json ok, model.safetensors ok");
    assertThat(CachedModels.list(new HubCache(root)).getFirst().bytes()).isEqualTo(9);
  }

  private List<CheckedFile> checked() throws IOException {
    return SnapshotCheck.of(snapshot, TransferListener.silent());
  }

  private String check() throws IOException {
    var files = checked();
    assertThat(files)
        .allSatisfy(
            file -> assertThat(file.detail().isEmpty()).isEqualTo(file.verdict() == Verdict.SOUND));
    return files.stream()
        .map(file -> file.path() + " " + file.verdict().text())
        .collect(Collectors.joining(", "));
  }

  private void link(String name, String content, String hash) throws IOException {
    Files.writeString(model.resolve("blobs").resolve(hash), content);
    Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs", hash));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
