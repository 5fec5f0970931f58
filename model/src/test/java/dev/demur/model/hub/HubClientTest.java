package dev.demur.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.FakeHub;
import dev.demur.kit.FakeHub.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Fetching from a hub on this machine, with every mishap a line or a server can have.
class HubClientTest {

  private static final HubReference MODEL = HubReference.parse("org/name");
  private static final String TOKEN = "hf_secret";
  private static final String WEIGHTS = "model.safetensors";

  @TempDir Path folder;

  private FakeHub hub;
  private final List<Duration> pauses = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    hub = new FakeHub();
    hub.file("config.json", "{\"model_type\": \"llama\"}\n")
        .file("tokenizer.json", "{}")
        .file("README.md", "hello")
        .largeFile(WEIGHTS, bytes(300_000))
        .largeFile("original/consolidated.safetensors", bytes(1000));
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void bringsWhatAModelNeedsAndNothingElse() throws IOException {
    var pulled = pull(MODEL, new FileSelection.Needed());
    assertThat(pulled.files()).containsExactly("config.json", "tokenizer.json", WEIGHTS);
    assertThat(pulled.fetched()).isEqualTo(3);
    assertThat(pulled.commit()).isEqualTo(FakeHub.COMMIT);
    assertThat(pulled.folder()).isEqualTo(cache().snapshot(MODEL.id(), "main"));
    assertThat(Files.readAllBytes(pulled.folder().resolve(WEIGHTS))).isEqualTo(bytes(300_000));
    assertThat(CachedModels.files(pulled.folder())).hasSize(3);
    assertThat(CachedModels.unfinished(cache().folder(MODEL.id()))).isEmpty();
  }

  @Test
  void asksForNoFileThatIsHere() throws IOException {
    pull(MODEL, new FileSelection.Needed());
    int before = hub.requests().size();
    var pulled = pull(MODEL, new FileSelection.Needed());
    assertThat(pulled.fetched()).isZero();
    assertThat(hub.requests()).hasSize(before + 1); // the listing
  }

  @Test
  void contentThatAnotherCommitHasIsOnlyLinked() throws IOException {
    pull(MODEL, new FileSelection.Needed());
    String other = "f".repeat(40);
    hub.commit = other;
    hub.file("config.json", "{\"model_type\": \"qwen2\"}\n");
    var pulled = pull(MODEL, new FileSelection.Needed());
    assertThat(pulled.fetched()).isEqualTo(1);
    assertThat(Files.readAllBytes(pulled.folder().resolve(WEIGHTS))).isEqualTo(bytes(300_000));
    var model = CachedModels.list(cache()).getFirst();
    assertThat(model.revisions()).hasSize(2);
    assertThat(model.bytes()).isLessThan(2 * 300_000);
    assertThat(cache().snapshot(MODEL.id(), "main").getFileName()).hasToString(other);
  }

  @Test
  void theTokenGoesToTheHubAndNowhereElse() throws IOException {
    hub.requiredToken = TOKEN;
    pull(MODEL, new FileSelection.Needed(), Map.of("HF_TOKEN", TOKEN));
    assertThat(hub.requests("cdn", "GET")).isNotEmpty();
    assertThat(hub.requests())
        .allSatisfy(
            request -> {
              var sent = request.headers().get("Authorization");
              if (request.host().equals("hub")) {
                assertThat(sent).isEqualTo("Bearer " + TOKEN);
              } else {
                assertThat(request.headers()).doesNotContainKey("Authorization");
                assertThat(request.headers().toString()).doesNotContain(TOKEN);
              }
            });
  }

  @Test
  void theTokenDoesNotComeBackAfterARedirectHasLedAway() throws IOException {
    String there = "/" + MODEL.id() + "/resolve/" + FakeHub.COMMIT + "/config.json";
    hub.mishap("/away", 302, Map.of("Location", hub.endpoint() + there));
    var http = http(Map.of("HF_TOKEN", TOKEN));
    hub.mishap("/first", 302, Map.of("Location", hub.cdnAddress() + "/away"));
    try (var reply = http.get(hub.endpoint().resolve("/first"), Map.of())) {
      assertThat(reply.status()).isEqualTo(200);
    }
    assertThat(hub.requests().stream().map(r -> r.headers().containsKey("Authorization")))
        .containsExactly(true, false, false);
  }

  @Test
  void theTokenFileIsRead() throws IOException {
    Path home = Files.createDirectories(folder.resolve("home"));
    Files.writeString(home.resolve("token"), TOKEN + "\n");
    hub.requiredToken = TOKEN;
    pull(MODEL, new FileSelection.Needed(), Map.of("HF_HOME", home.toString()));
    assertThat(hub.requests("hub", "GET")).isNotEmpty();
  }

  @Test
  void aTokenIsNeverPrinted() throws IOException {
    assertThat(new HubToken(TOKEN).toString()).doesNotContain(TOKEN);
    assertThat(settings(Map.of("HF_TOKEN", TOKEN)).toString()).doesNotContain(TOKEN);
    assertThatThrownBy(() -> new HubToken("two\r\nlines")).message().doesNotContain("two");
  }

  @Test
  void goesOnWhereTheLineBroke() throws IOException {
    hub.cut(WEIGHTS, 100_000);
    hub.cut(WEIGHTS, 200_000);
    pull(MODEL, new FileSelection.Needed());
    var gets = hub.requests("cdn", "GET");
    assertThat(gets).hasSize(3);
    assertThat(gets.get(0).headers()).doesNotContainKey("Range");
    long first = rangeStart(gets.get(1));
    long second = rangeStart(gets.get(2));
    assertThat(first).isBetween(1L, 100_000L);
    assertThat(second).isBetween(first + 1, 200_000L);
    assertThat(gets.get(1).headers()).containsKey("If-range");
    assertThat(pauses).isNotEmpty();
    assertThat(weights()).isEqualTo(bytes(300_000));
  }

  @Test
  void aLaterRunGoesOnWithThePart() throws IOException {
    for (int i = 0; i < 20; i++) {
      hub.cut(WEIGHTS, 50_000);
    }
    assertThatThrownBy(() -> pull(MODEL, new FileSelection.Needed()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("the same command");
    var parts = CachedModels.unfinished(cache().folder(MODEL.id()));
    assertThat(parts).hasSize(1);
    assertThat(parts.getFirst().getFileName())
        .hasToString(FakeHub.sha256(bytes(300_000)) + ".incomplete");
    long here = Files.size(parts.getFirst());
    assertThat(here).isPositive();
    assertThatThrownBy(() -> cache().snapshot(MODEL.id(), "main"))
        .as("a revision with files missing is not written down")
        .hasMessageContaining("no revision");
    hub.mend();
    pull(MODEL, new FileSelection.Needed());
    assertThat(rangeStart(hub.requests("cdn", "GET").getFirst())).isEqualTo(here);
    assertThat(weights()).isEqualTo(bytes(300_000));
  }

  @Test
  void aServerThatKnowsNoRangesStartsAgain() throws IOException {
    hub.ranges = false;
    hub.cut(WEIGHTS, 100_000);
    pull(MODEL, new FileSelection.Needed());
    assertThat(weights()).isEqualTo(bytes(300_000));
  }

  @Test
  void aFalsePartIsDroppedAndFetchedAgain() throws IOException {
    Path blobs = Files.createDirectories(cache().folder(MODEL.id()).resolve("blobs"));
    Path part = blobs.resolve(FakeHub.sha256(bytes(300_000)) + ".incomplete");
    Files.write(part, new byte[1000]);
    pull(MODEL, new FileSelection.Needed());
    assertThat(weights()).isEqualTo(bytes(300_000));
    assertThat(hub.requests("cdn", "GET")).hasSize(2);
  }

  @Test
  void aPartLongerThanTheFileIsDropped() throws IOException {
    Path blobs = Files.createDirectories(cache().folder(MODEL.id()).resolve("blobs"));
    Files.write(blobs.resolve(FakeHub.sha256(bytes(300_000)) + ".incomplete"), new byte[400_000]);
    pull(MODEL, new FileSelection.Needed());
    assertThat(weights()).isEqualTo(bytes(300_000));
  }

  @Test
  void aWrongChecksumIsRefusedAndNothingKept() throws IOException {
    byte[] other = bytes(300_000);
    other[77]++;
    hub.sendInstead(WEIGHTS, other);
    assertRefused("wrong checksum, expected " + FakeHub.sha256(bytes(300_000)));
    assertThat(CachedModels.unfinished(cache().folder(MODEL.id()))).isEmpty();
    hub.sendInstead(
        "config.json", "{\"model_type\": \"evil!\"}\n".getBytes(StandardCharsets.UTF_8));
    hub.sendInstead(WEIGHTS, bytes(300_000));
    assertThatThrownBy(
            () ->
                pull(
                    MODEL,
                    new FileSelection.Matching(List.of("config.json")),
                    Map.of("HF_HUB_CACHE", folder.resolve("third").toString())))
        .hasMessageContaining("config.json: wrong checksum");
  }

  @ParameterizedTest
  @ValueSource(ints = {299_999, 300_001, 0})
  void aWrongLengthIsRefused(int length) throws IOException {
    hub.sendInstead(WEIGHTS, bytes(length));
    assertRefused("expected 300,000");
  }

  @Test
  void waitsAsLongAsTheHubAsks() throws IOException {
    hub.mishap("/revision/", 429, Map.of("Retry-After", "7"));
    hub.mishap("/" + WEIGHTS, 503, Map.of());
    pull(MODEL, new FileSelection.Needed());
    assertThat(pauses).containsExactly(Duration.ofSeconds(7), Patience.USUAL.first());
  }

  @Test
  void doesNotWaitForHours() {
    hub.mishap("/revision/", 429, Map.of("Retry-After", "7200"));
    assertRefused("asks to wait 120 minutes");
    assertThat(pauses).isEmpty();
  }

  @Test
  void givesUpOnAServerThatStaysBroken() {
    for (int i = 0; i < 10; i++) {
      hub.mishap("/revision/", 500, Map.of("X-Error-Message", "out of order"));
    }
    assertRefused("answered 500 (out of order); try again later");
    assertThat(pauses).hasSize(4).isSorted();
  }

  @Test
  void saysWhatToDoWhenDenied() throws IOException {
    hub.requiredToken = TOKEN;
    assertRefused("not found, private or gated (401); check the spelling, or set HF_TOKEN");
    assertThatThrownBy(
            () -> pull(MODEL, new FileSelection.Needed(), Map.of("HF_TOKEN", "hf_wrong")))
        .hasMessageContaining("not for the token that is set (401)")
        .message()
        .doesNotContain("hf_wrong");
    hub.requiredToken = "";
    assertThatThrownBy(() -> pull(HubReference.parse("org/other"), new FileSelection.Needed()))
        .hasMessageContaining("org/other: not found (404); check the spelling");
    assertThatThrownBy(() -> pull(HubReference.parse("org/name@v9"), new FileSelection.Needed()))
        .hasMessageContaining("org/name@v9: has no such revision (404)");
    hub.mishap("/config.json", 403, Map.of("X-Error-Code", "GatedRepo"));
    assertRefused("org/name: config.json: gated (403); accept its conditions at http://127.0.0.1");
    hub.mishap("/config.json", 404, Map.of("X-Error-Code", "EntryNotFound"));
    assertRefused("has no such file (404)");
  }

  @Test
  void offlineGivesWhatIsHere() throws IOException {
    assertThatThrownBy(() -> pull(MODEL, new FileSelection.Needed(), Map.of("HF_HUB_OFFLINE", "1")))
        .hasMessageContaining("org/name: not here, and offline mode is on");
    assertThat(hub.requests()).isEmpty();
    var pulled = pull(MODEL, new FileSelection.Needed());
    int before = hub.requests().size();
    var offline = pull(MODEL, new FileSelection.Needed(), Map.of("TRANSFORMERS_OFFLINE", "yes"));
    assertThat(offline.folder()).isEqualTo(pulled.folder());
    assertThat(offline.bytes()).isEqualTo(pulled.bytes());
    assertThat(hub.requests()).hasSize(before);
  }

  @Test
  void aHubThatIsNotThereIsSaidToBeSo() {
    var dead = hub.endpoint();
    hub.close();
    assertThatThrownBy(
            () -> pull(MODEL, new FileSelection.Needed(), Map.of("HF_ENDPOINT", dead.toString())))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("cannot be reached")
        .hasMessageContaining("HF_ENDPOINT");
  }

  @Test
  void aMirrorThatListsNoChecksumsIsAskedForEach() throws IOException {
    hub.listsBlobs = false;
    assertThat(pull(MODEL, new FileSelection.Needed()).fetched()).isEqualTo(3);
    assertThat(hub.requests("hub", "HEAD")).hasSize(3);
    assertThat(weights()).isEqualTo(bytes(300_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../evil",
        "/etc/evil",
        "a/../../evil",
        "a//b",
        "a/",
        "..",
        ".",
        "",
        "a\\\\..\\\\evil",
        "C:evil",
        "a\\u0000b",
        "a\\nb"
      })
  void aFileNameThatLeadsAstrayIsRefused(String name) {
    hub.lie("\"README.md\"", "\"" + name + "\"");
    assertRefused("listing cannot be used");
    assertThat(hub.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "\"size\":5; \"size\":99999999999999",
        "\"size\":5; \"size\":-5",
        "\"size\":5; \"size\":1e400",
        "\"size\":5; \"size\":123456789012345678901234567890",
        "5a1e0c2b3d4f5a6978877665544332211000fedc; ../../../../tmp/x",
        "5a1e0c2b3d4f5a6978877665544332211000fedc; 5A1E0C2B3D4F5A6978877665544332211000FEDC",
        "\"siblings\":[; \"siblings\":[[[[[[",
        "\"siblings\"; \"brothers\"",
        "{\"id\"; {{\"id\"",
      })
  void aListingNoHonestHubGivesIsRefused(String from, String to) {
    hub.lie(from, to);
    assertThatThrownBy(() -> pull(MODEL, new FileSelection.Matching(List.of("README.md"))))
        .isInstanceOf(HubException.class)
        .hasMessageNotContaining("\n");
    assertThat(Files.exists(folder.resolve("cache/models--org--name/snapshots"))).isFalse();
  }

  @Test
  void aHubThatContradictsItselfIsRefused() {
    hub.mishap("/" + WEIGHTS, 200, Map.of("X-Repo-Commit", "f".repeat(40)));
    assertRefused("the hub lists commit " + FakeHub.COMMIT + " and answers ffff");
    hub.mishap(
        "/" + WEIGHTS, 200, Map.of("X-Linked-Etag", "f".repeat(64), "X-Linked-Size", "300000"));
    assertRefused("the hub lists checksum");
    String sha = FakeHub.sha256(bytes(300_000));
    hub.mishap("/" + WEIGHTS, 200, Map.of("X-Linked-Etag", sha, "X-Linked-Size", "300001"));
    assertRefused("the hub lists size 300000 and answers 300001");
    hub.mishap("/" + WEIGHTS, 200, Map.of("X-Linked-Etag", sha, "X-Linked-Size", "many"));
    assertRefused("header X-Linked-Size is \"many\", no number");
  }

  @Test
  void redirectsEnd() {
    for (int i = 0; i < 30; i++) {
      hub.mishap(
          "/revision/", 307, Map.of("Location", "/api/models/org/name/revision/main?n=" + i));
    }
    assertRefused("more than 10 redirects");
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://example.org/x, is not an address Demur follows",
    "file:///etc/passwd, is not an address Demur follows",
    "http://user@127.0.0.1/, is not an address Demur follows",
    "http://bad host/, named no address",
    "'', named no address"
  })
  void aRedirectToNoWebAddressIsRefused(String location, String message) {
    hub.mishap("/revision/", 302, location.isEmpty() ? Map.of() : Map.of("Location", location));
    assertRefused(message);
  }

  @Test
  void aRedirectWithinTheHubKeepsTheToken() throws IOException {
    hub.requiredToken = TOKEN;
    hub.mishap(
        "/revision/", 307, Map.of("Location", "/api/models/org/name/revision/main?blobs=true"));
    assertThat(pull(MODEL, new FileSelection.Needed(), Map.of("HF_TOKEN", TOKEN)).fetched())
        .isEqualTo(3);
  }

  @Test
  void revisionsAreWrittenDownAsTheyAreCalled() throws IOException {
    pull(HubReference.parse("org/name@refs/pr/1"), new FileSelection.Needed());
    pull(HubReference.parse("org/name@" + FakeHub.COMMIT), new FileSelection.Needed());
    Path refs = cache().folder(MODEL.id()).resolve("refs");
    assertThat(CachedModels.files(refs)).containsExactly("refs/pr/1");
    assertThat(refs.resolve("refs/pr/1")).hasContent(FakeHub.COMMIT);
    assertThat(hub.requests("hub", "GET").getFirst().path()).endsWith("/revision/refs/pr/1");
  }

  @Test
  void aFullDiskIsFoundBeforeTheFirstByte() {
    hub.lie("\"size\":300000", "\"size\":4000000000000");
    hub.listsBlobs = true;
    hub.mishap("/" + WEIGHTS, 200, Map.of());
    assertRefused("MB are missing and");
    assertThat(hub.requests("cdn", "GET")).isEmpty();
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> pull(MODEL, new FileSelection.Needed(), fresh()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  private static long rangeStart(Request request) {
    return Long.parseLong(request.headers().get("Range").replaceAll("\\D", ""));
  }

  private byte[] weights() throws IOException {
    return Files.readAllBytes(cache().snapshot(MODEL.id(), "main").resolve(WEIGHTS));
  }

  static byte[] bytes(int count) {
    var bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * 7 % 251);
    }
    return bytes;
  }

  private Map<String, String> fresh() {
    return Map.of("HF_HUB_CACHE", folder.resolve("fresh").toString());
  }

  private HubCache cache() {
    return new HubCache(folder.resolve("cache"));
  }

  private HubSettings settings(Map<String, String> more) throws IOException {
    var environment = new LinkedHashMap<String, String>();
    environment.put("HF_ENDPOINT", hub.endpoint().toString());
    environment.put("HF_HUB_CACHE", cache().root().toString());
    environment.putAll(more);
    return HubSettings.of(environment, folder);
  }

  private HubHttp http(Map<String, String> more) throws IOException {
    return new HubHttp(settings(more), quick(), TransferListener.silent());
  }

  private Patience quick() {
    var usual = Patience.USUAL;
    return new Patience(
        usual.attempts(), usual.first(), usual.longest(), usual.times(), pauses::add);
  }

  private Pulled pull(HubReference reference, FileSelection selection) throws IOException {
    return pull(reference, selection, Map.of());
  }

  private Pulled pull(
      HubReference reference, FileSelection selection, Map<String, String> environment)
      throws IOException {
    return HubClient.of(settings(environment), TransferListener.silent(), quick())
        .pull(reference, selection);
  }
}
