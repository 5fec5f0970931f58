package dev.demur.model.hub;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.web.LargeAnswerException;
import dev.demur.model.web.SlowAnswerException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// Asks the hub which files a model has, and fetches them.
///
/// ```java
/// var hub = HubClient.of(HubSettings.ofEnvironment(), TransferListener.silent());
/// var pulled = hub.pull(HubReference.parse("org/name"), new FileSelection.Needed());
/// ```
public final class HubClient {

  /// A hundred thousand files with checksums take about 20 MB.
  private static final int MAX_LISTING = 64 << 20;

  private final HubSettings settings;
  private final HubHttp http;

  private HubClient(HubSettings settings, HubHttp http) {
    this.settings = settings;
    this.http = http;
  }

  /// A client with these settings.
  ///
  /// @throws HubException if the endpoint is not a web address
  public static HubClient of(HubSettings settings, TransferListener listener) throws HubException {
    return of(settings, listener, Patience.USUAL);
  }

  static HubClient of(HubSettings settings, TransferListener listener, Patience patience)
      throws HubException {
    return new HubClient(settings, new HubHttp(settings, patience, listener));
  }

  /// What the hub holds.
  ///
  /// @throws HubException if there is no such model, it may not be read, or the hub is not there
  public RepoListing listing(HubReference reference) throws IOException {
    var uri =
        URI.create(
            "%s/api/models/%s/revision/%s?blobs=true"
                .formatted(settings.endpoint(), reference.id(), encoded(reference.revision())));
    try (var reply = http.get(uri, Map.of("Accept", "application/json"))) {
      if (reply.status() != 200) {
        throw denial(reference, reference.toString()).of(reply);
      }
      return RepoListing.parse(reference.toString(), json(reference, reply));
    }
  }

  private byte[] json(HubReference reference, Reply reply) throws IOException {
    try (var body = reply.body(http.patience().times().listing())) {
      return body.whole(MAX_LISTING);
    } catch (LargeAnswerException | SlowAnswerException e) {
      throw new HubException(
          reference
              + ": the hub's listing "
              + e.getMessage()
              + "; check the line and HF_ENDPOINT, and try again",
          e);
    } catch (IOException e) {
      throw HubHttp.unreachable(reply.uri(), e);
    }
  }

  /// Brings what is not here yet. Offline, gives what is here.
  ///
  /// The revision is written down last, so that it never means a snapshot with files missing.
  ///
  /// @throws HubException if the hub denies it, sends something else, or is not there
  /// @throws IOException if files cannot be written
  public Pulled pull(HubReference reference, FileSelection selection) throws IOException {
    if (settings.access() == HubSettings.Access.OFFLINE) {
      return present(reference);
    }
    var listing = listing(reference);
    var chosen = selection.choose(reference.toString(), listing.paths());
    var files = new LinkedHashMap<String, Blob>();
    for (String path : chosen) {
      files.put(path, blob(reference, listing, path));
    }
    var folder = RepoFolder.of(settings.cache(), reference.id());
    int fetched = fetch(reference, listing.commit(), folder, files);
    folder.writeRef(reference.revision(), listing.commit());
    return new Pulled(
        reference,
        listing.commit(),
        folder.snapshot(listing.commit()),
        chosen,
        files.values().stream().mapToLong(Blob::size).sum(),
        fetched);
  }

  private Pulled present(HubReference reference) throws IOException {
    try {
      Path snapshot = settings.cache().snapshot(reference.id(), reference.revision());
      var files = CachedModels.files(snapshot);
      long bytes = 0;
      for (String file : files) {
        bytes += Files.size(snapshot.resolve(file));
      }
      String commit = String.valueOf(snapshot.getFileName());
      return new Pulled(reference, commit, snapshot, files, bytes, 0);
    } catch (ModelFormatException e) {
      throw new HubException(
          reference
              + ": not here, and offline mode is on; unset HF_HUB_OFFLINE (and"
              + " TRANSFORMERS_OFFLINE) to fetch it",
          e);
    }
  }

  /// Small files first: a model that cannot be used is known before its weights have come.
  private int fetch(
      HubReference reference, String commit, RepoFolder folder, SequencedMap<String, Blob> files)
      throws IOException {
    var missing = new LinkedHashMap<String, Blob>();
    for (var file : files.entrySet()) {
      if (!folder.has(commit, file.getKey(), file.getValue())) {
        missing.put(file.getKey(), file.getValue());
      }
    }
    folder.prepare();
    requireSpace(folder, missing);
    var order =
        missing.entrySet().stream()
            .sorted(Comparator.comparingLong(file -> file.getValue().size()))
            .toList();
    int fetched = 0;
    for (var file : order) {
      if (bring(reference, commit, folder, file.getKey(), file.getValue())) {
        fetched++;
      }
    }
    return fetched;
  }

  private boolean bring(
      HubReference reference, String commit, RepoFolder folder, String path, Blob blob)
      throws IOException {
    boolean fetched = false;
    try (var _ = folder.lock(blob.hash())) {
      Path target = folder.blob(blob.hash());
      if (!Files.isRegularFile(target) || Files.size(target) != blob.size()) {
        Path part = folder.part(blob.hash());
        var denial = denial(reference, reference + ": " + path);
        new Download(http, path, address(reference, commit, path), denial)
            .to(part, new Expected.Exactly(blob));
        Files.move(
            part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        fetched = true;
      }
      folder.link(commit, path, blob.hash());
    }
    return fetched;
  }

  /// The listing's word for a file and the file's own headers must agree.
  private Blob blob(HubReference reference, RepoListing listing, String path) throws IOException {
    var listed = listing.blob(path);
    if (listed.isPresent()
        && RepoFolder.of(settings.cache(), reference.id())
            .has(listing.commit(), path, listed.get())) {
      return listed.get();
    }
    try (var reply = http.head(address(reference, listing.commit(), path))) {
      if (reply.status() != 200 && !reply.isRedirect()) {
        throw denial(reference, reference + ": " + path).of(reply);
      }
      requireSame(path, "commit", listing.commit(), reply.header("X-Repo-Commit"));
      var told = told(reply);
      if (listed.isEmpty()) {
        return told.orElseThrow(
            () ->
                new HubException(
                    reference
                        + ": the hub gives no checksum for "
                        + path
                        + "; Demur fetches nothing it cannot check, try another HF_ENDPOINT"));
      }
      requireSame(path, "checksum", listed.get().hash().hex(), told.map(b -> b.hash().hex()));
      requireSame(
          path, "size", Long.toString(listed.get().size()), told.map(b -> Long.toString(b.size())));
      return listed.get();
    }
  }

  private static Optional<Blob> told(Reply reply) throws HubException {
    var hash = reply.etag().flatMap(ContentHash::parse);
    var size = reply.number("X-Linked-Size");
    if (size.isEmpty() && !reply.isRedirect()) {
      size = reply.number("Content-Length");
    }
    if (hash.isEmpty() || size.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Blob(hash.get(), size.getAsLong()));
    } catch (IllegalArgumentException e) {
      throw new HubException(Origin.shown(reply.uri()) + ": " + e.getMessage(), e);
    }
  }

  private static void requireSame(String path, String what, String listed, Optional<String> told)
      throws HubException {
    if (told.isPresent() && !told.get().equals(listed)) {
      throw new HubException(
          ("%s: the hub lists %s %s and answers %s; it has changed in the meantime or"
                  + " cannot be trusted, try again")
              .formatted(path, what, listed, Reply.words(told.get())));
    }
  }

  private void requireSpace(RepoFolder folder, Map<String, Blob> missing) throws IOException {
    long needed = missing.values().stream().mapToLong(Blob::size).sum();
    long free = Files.getFileStore(folder.folder()).getUsableSpace();
    if (needed > free) {
      throw new HubException(
          String.format(
              Locale.ROOT,
              "%s: %,d MB are missing and %,d MB are free there; free space, or set HF_HUB_CACHE to"
                  + " another disk",
              folder.folder(),
              needed >> 20,
              free >> 20));
    }
  }

  private Denial denial(HubReference reference, String subject) {
    return new Denial(
        subject,
        URI.create(settings.endpoint() + "/" + reference.id()),
        settings.token().isPresent() ? Denial.TokenSent.YES : Denial.TokenSent.NO);
  }

  private URI address(HubReference reference, String commit, String path) {
    String encoded =
        Arrays.stream(path.split("/")).map(HubClient::encoded).collect(Collectors.joining("/"));
    return URI.create(
        settings.endpoint() + "/" + reference.id() + "/resolve/" + commit + "/" + encoded);
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
