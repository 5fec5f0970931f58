package dev.demur.model.hub;

import dev.demur.model.hub.TransferListener.Transfer;
import dev.demur.model.web.SlowAnswerException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Fetches one file, in as many pieces as the connection breaks it into.
///
/// A part that is here is continued with `Range`, and with `If-Range` where an ETag of the server
/// that sends is known, so that the rest of another file is never taken for the rest of this one. A
/// piece that comes too slowly counts as cut, twice in a row ends the run, and all pieces together
/// have a time that grows with the file. A server that answers with a part's worth of bytes again
/// and again cannot hold a run up for longer.
final class Download {

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

  private static final int BUFFER = 1 << 17;

  private final HubHttp http;
  private final String name;
  private final URI uri;
  private final Denial denial;

  /// @param name what to call the file
  /// @param denial what to say when the server does not give it
  Download(HubHttp http, String name, URI uri, Denial denial) {
    this.http = http;
    this.name = name;
    this.uri = uri;
    this.denial = denial;
  }

  /// Brings the file to `part`; what is there already counts when the checksum is known.
  ///
  /// @return the checksum of what came
  /// @throws HubException if the server denies it, or sends something else
  /// @throws IOException if the line is cut too often; the part stays then
  ContentHash to(Path part, Expected expected) throws IOException {
    return switch (expected) {
      case Expected.Exactly(var blob) -> exactly(part, blob);
      case Expected.AtMost(var bytes) -> {
        Files.deleteIfExists(part);
        yield new Run(part, ContentHash.Kind.SHA256, bytes, Hash.UNKNOWN).run();
      }
    };
  }

  private ContentHash exactly(Path part, Blob blob) throws IOException {
    boolean resumed = Files.exists(part);
    var found = run(part, blob);
    if (!found.equals(blob.hash()) && resumed) {
      // The old part may be to blame; a whole new transfer tells.
      Files.delete(part);
      found = run(part, blob);
    }
    if (!found.equals(blob.hash())) {
      Files.delete(part);
      throw new HubException(
          "%s: wrong checksum, expected %s, found %s; nothing is kept, try again, and do not trust"
                  .formatted(name, blob.hash(), found)
              + " this server if this repeats");
    }
    return found;
  }

  private ContentHash run(Path part, Blob blob) throws IOException {
    return new Run(part, blob.hash().kind(), blob.size(), Hash.KNOWN).run();
  }

  /// Whether the checksum, and with it the size, is known before.
  private enum Hash {
    KNOWN,
    UNKNOWN
  }

  /// One file under way.
  private final class Run {
    private final Path path;
    private final ContentHash.Kind kind;
    private final long limit;
    private final Hash hash;
    private OptionalLong size;
    private Optional<String> etag = Optional.empty();
    private boolean complete;
    private final long began = System.nanoTime();
    private int slow;

    Run(Path path, ContentHash.Kind kind, long limit, Hash hash) {
      this.path = path;
      this.kind = kind;
      this.limit = limit;
      this.hash = hash;
      this.size = hash == Hash.KNOWN ? OptionalLong.of(limit) : OptionalLong.empty();
    }

    ContentHash run() throws IOException {
      try (var part = new PartFile(path, kind, size.orElse(0))) {
        part.keep(limit);
        try (var shown = http.listener().begin(name, size.orElse(0), part.position())) {
          complete = size.isPresent() && part.position() == size.getAsLong();
          for (int failures = 0; !complete; ) {
            long before = part.position();
            try {
              piece(part, shown);
            } catch (HubException e) {
              throw e;
            } catch (IOException e) {
              requireTime();
              long brought = part.position() - before;
              failures = brought > 0 ? 1 : failures + 1;
              slow = e instanceof SlowAnswerException && brought < enough() ? slow + 1 : 0;
              again(failures, e);
            }
          }
        }
        return part.finish();
      }
    }

    private void again(int failures, IOException cut) throws IOException {
      if (failures >= http.patience().attempts()
          || slow == Patience.SLOW_ATTEMPTS
          || Thread.currentThread().isInterrupted()) {
        throw new HubException(
            name
                + ": the connection broke off ("
                + Reply.words(String.valueOf(cut.getMessage()))
                + "); what arrived is kept, the same command continues",
            cut);
      }
      Duration pause = http.patience().after(failures);
      http.listener().retrying(name + ": the connection broke off", pause);
      http.patience().pause(pause);
    }

    /// One request, and as much as it brings.
    private void piece(PartFile part, Transfer shown) throws IOException {
      var headers = new LinkedHashMap<String, String>();
      if (hash == Hash.UNKNOWN && etag.isEmpty()) {
        restart(part, shown); // nothing would tell the rest of another file
      }
      if (part.position() > 0) {
        headers.put("Range", "bytes=" + part.position() + "-");
        etag.ifPresent(tag -> headers.put("If-Range", tag));
      }
      try (var reply = http.get(uri, Map.copyOf(headers))) {
        switch (reply.status()) {
          case 200 -> {
            restart(part, shown);
            requireLength(reply, 0);
          }
          case 206 -> {
            requireRange(reply, part.position());
            requireLength(reply, part.position());
          }
          case 416 -> {
            restart(part, shown);
            throw new IOException("the server does not have the requested range");
          }
          default -> throw denial.of(reply);
        }
        etag = reply.strongEtag();
        read(reply, part, shown);
      }
    }

    /// Bytes of a piece that came as it should before the line failed.
    private long enough() {
      return http.patience().times().transfer().bytesPerWindow();
    }

    /// All pieces together have the time their bytes take on the slowest line.
    private void requireTime() throws HubException {
      var allowed = http.patience().times().forFile(size.orElse(limit));
      if (System.nanoTime() - began > allowed.toNanos()) {
        throw new HubException(
            String.format(
                Locale.ROOT,
                "%s: did not arrive within %d minutes; what arrived is kept, the same command"
                    + " continues",
                name,
                allowed.toMinutes()));
      }
    }

    private void restart(PartFile part, Transfer shown) throws IOException {
      if (part.position() > 0) {
        part.restart();
        shown.restarted();
      }
    }

    private void requireLength(Reply reply, long present) throws HubException {
      String encoding = reply.header("Content-Encoding").orElse("identity");
      if (!encoding.equals("identity")) {
        throw new HubException(
            name + ": came as " + Reply.words(encoding) + " although this was not requested");
      }
      var length = reply.number("Content-Length");
      if (length.isEmpty()) {
        return;
      }
      long whole = present + length.getAsLong();
      if (whole > limit || (size.isPresent() && whole != size.getAsLong())) {
        throw new HubException(
            String.format(
                Locale.ROOT,
                "%s: the server sends %,d bytes, expected %s%,d; do not trust it",
                name,
                whole,
                size.isPresent() ? "" : "at most ",
                limit));
      }
      size = OptionalLong.of(whole);
    }

    private void requireRange(Reply reply, long present) throws HubException {
      String text = reply.header("Content-Range").orElse("");
      var range = CONTENT_RANGE.matcher(text);
      boolean fits =
          range.matches()
              && Long.parseLong(range.group(1)) == present
              && (range.group(2).equals("*")
                  || size.isEmpty()
                  || Long.parseLong(range.group(2)) == size.getAsLong());
      if (!fits) {
        throw new HubException(
            String.format(
                Locale.ROOT,
                "%s: asked for the bytes from %,d on, got \"%s\"; delete %s and try again",
                name,
                present,
                Reply.words(text),
                path));
      }
    }

    private void read(Reply reply, PartFile part, Transfer shown) throws IOException {
      try (var body = reply.body(http.patience().times().transfer())) {
        byte[] buffer = new byte[BUFFER];
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
          part.append(buffer, n, limit);
          shown.received(n);
          requireTime();
        }
      }
      complete = size.isEmpty() || part.position() == size.getAsLong();
      if (!complete) {
        throw new IOException(
            String.format(Locale.ROOT, "%,d of %,d bytes came", part.position(), size.getAsLong()));
      }
    }
  }
}
