package dev.demur.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.demur.lab.LabRemedy;
import dev.demur.lab.RealData;
import dev.demur.lab.Sha256;
import dev.demur.lab.data.StoredFile.State;
import dev.demur.lab.prompts.PublishedSet;
import dev.demur.lab.prompts.ReleasedLayout;
import dev.demur.lab.prompts.Split;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.model.hub.HubSettings;
import dev.demur.model.hub.TransferListener;
import dev.demur.model.hub.WebFiles;
import dev.demur.model.remedy.Remedy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fetching and checking sets, with made-up ones on a server on this machine.
class DataStoreTest {

  private static final String TOKEN = "hf_secret";
  private static final String BREAD = "prompt\nBake bread.\n";
  private static final String CAKE = "prompt\nBake a cake.\n";

  @TempDir Path folder;

  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private final Set<String> tokensSeen = ConcurrentHashMap.newKeySet();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String token = exchange.getRequestHeaders().getFirst("Authorization");
            tokensSeen.add(token == null ? "" : token);
            String page = pages.get(exchange.getRequestURI().getPath());
            byte[] body = (page == null ? "" : page).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(page == null ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    pages.put("/bread.csv", BREAD);
    pages.put("/cake.csv", CAKE);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void fetchesWhatIsNotHereAndPinsWhatIsNotKnown() throws IOException {
    var files = store().pull(baking(), web());
    assertThat(states(files)).containsExactly(State.FETCHED, State.PINNED);
    assertThat(files.getLast().detail()).contains("knows no hash");
    assertThat(store().folder(baking()).resolve("bread.csv")).hasContent(BREAD);
    pages.clear();
    assertThat(states(store().pull(baking(), web()))).containsExactly(State.SOUND, State.SOUND);
    assertThat(states(store().verify(baking()))).containsExactly(State.SOUND, State.SOUND);
    assertThat(states(store().list(baking()))).containsExactly(State.PRESENT, State.PRESENT);
  }

  @Test
  void otherBytesAreRefusedAndNotKept() throws IOException {
    pages.put("/bread.csv", BREAD + "More.\n");
    assertThatThrownBy(() -> store().pull(baking(), web()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(Sha256.ofText(BREAD))
        .hasMessageContaining("nothing is kept");
    assertThat(states(store().list(baking()))).containsExactly(State.ABSENT, State.ABSENT);
    pages.put("/bread.csv", BREAD);
    store().pull(baking(), web());
    Files.delete(store().folder(baking()).resolve("cake.csv"));
    pages.put("/cake.csv", CAKE + "More.\n");
    assertThatThrownBy(() -> store().pull(baking(), web()))
        .as("the first pull pinned it")
        .hasMessageContaining(Sha256.ofText(CAKE));
  }

  @Test
  void damageIsFoundAndFetchedAgain() throws IOException {
    store().pull(baking(), web());
    Files.writeString(store().folder(baking()).resolve("bread.csv"), "prompt\nOther.\n");
    assertThat(states(store().verify(baking()))).containsExactly(State.DAMAGED, State.SOUND);
    assertThat(states(store().pull(baking(), web()))).containsExactly(State.FETCHED, State.SOUND);
  }

  @Test
  void takesFilesFromAFolderWhereverTheyAre() throws IOException {
    Path copy = Files.createDirectories(folder.resolve("usb/deep/er"));
    Files.writeString(copy.resolve("bread.csv"), BREAD);
    Files.writeString(copy.resolveSibling("bread.csv"), "another of that name");
    assertThat(states(store().importFrom(baking(), folder.resolve("usb"))))
        .containsExactly(State.FETCHED, State.ABSENT);
    Files.writeString(copy.resolve("bread.csv"), "changed");
    assertThatThrownBy(() -> store().importFrom(baking(), folder.resolve("usb")))
        .hasMessageContaining("expected " + Sha256.ofText(BREAD));
    assertThat(store().folder(baking()).resolve("bread.csv")).hasContent(BREAD);
    assertThatThrownBy(
            () -> store().importFrom(baking(), Files.createDirectory(folder.resolve("empty"))))
        .isInstanceOf(DataFormatException.class);
    assertThatThrownBy(() -> store().importFrom(baking(), folder.resolve("none")))
        .hasMessageContaining("is not a folder");
  }

  @Test
  void aSetThatAsksFirstSaysWhatToDo() {
    assertThatThrownBy(() -> store().pull(Datasets.named("sorry-bench"), web()))
        .hasMessageContaining("question.jsonl at https://huggingface.co/datasets/sorry-bench")
        .hasMessageContaining("then import sorry-bench from the folder it is in")
        .asInstanceOf(InstanceOfAssertFactories.type(DataFormatException.class))
        .extracting(DataFormatException::remedies, InstanceOfAssertFactories.list(Remedy.class))
        .containsExactly(LabRemedy.IMPORT_DATA);
  }

  @Test
  void theTokenStaysWithTheHub() throws IOException {
    store().pull(baking(), web());
    assertThat(tokensSeen).containsExactly("");
    String path = "/datasets/org/set/resolve/main/rye.csv";
    pages.put(path, "prompt\nRye.\n");
    var rye =
        set(
            new DatasetFile(
                "rye.csv",
                new Source.Web(URI.create("https://huggingface.co" + path)),
                new Pin.OnFirstPull()));
    var mirror = HubSettings.of(Map.of("HF_TOKEN", TOKEN, "HF_ENDPOINT", address("")), folder);
    store().pull(rye, WebFiles.of(mirror, TransferListener.silent()));
    assertThat(tokensSeen).contains("Bearer " + TOKEN);
  }

  @Test
  void anUnreadableListOfPinsSaysSo() throws IOException {
    Files.createDirectories(store().folder(baking()));
    Files.writeString(store().folder(baking()).resolve("pins.json"), "{\"cake.csv\": ");
    assertThatThrownBy(() -> store().pull(baking(), web()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("pins.json");
  }

  @Test
  void everySetThatCanBeReadCanBeFound() {
    var names = new HashSet<>(Datasets.all().stream().map(Dataset::name).toList());
    assertThat(names).hasSameSizeAs(Datasets.all()).containsAll(PublishedSet.names());
    assertThat(Datasets.all())
        .allSatisfy(
            set -> {
              assertThat(set.licence()).isNotBlank();
              assertThat(set.note()).isNotBlank();
              assertThat(set.home()).startsWith("https://");
            });
    assertThatThrownBy(() -> Datasets.named("x-test")).hasMessageContaining("xstest, or-bench");
  }

  @Test
  @Tag("real")
  void thePublishedFilesHaveTheHashesThatArePinned() throws IOException {
    var xstest = Datasets.named("xstest");
    assertThat(states(store().importFrom(xstest, RealData.path("xstest"))))
        .containsExactly(State.FETCHED);
    var released = Datasets.named("refusal-direction");
    assertThat(states(store().importFrom(released, RealData.path("refusal_direction"))))
        .hasSize(9)
        .containsOnly(State.FETCHED);
    var layout = ReleasedLayout.at(store().folder(released));
    assertThat(layout.harmful(Split.TRAIN).prompts()).hasSize(260);
    assertThat(layout.evaluationSets()).contains("jailbreakbench");
  }

  private Dataset baking() {
    return set(
        new DatasetFile(
            "bread.csv",
            new Source.Web(URI.create(address("/bread.csv"))),
            new Pin.Known(Sha256.ofText(BREAD))),
        new DatasetFile(
            "cake.csv", new Source.Web(URI.create(address("/cake.csv"))), new Pin.OnFirstPull()));
  }

  private static Dataset set(DatasetFile... files) {
    return new Dataset(
        "baking", "Baking", "https://example.org", "none", "made up", List.of(files));
  }

  private String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private DataStore store() {
    return new DataStore(folder.resolve("store"));
  }

  private WebFiles web() throws IOException {
    return WebFiles.of(
        HubSettings.of(Map.of("HF_TOKEN", TOKEN), folder), TransferListener.silent());
  }

  private static List<State> states(List<StoredFile> files) {
    return files.stream().map(StoredFile::state).toList();
  }
}
