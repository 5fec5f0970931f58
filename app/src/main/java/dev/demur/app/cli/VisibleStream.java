package dev.demur.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.demur.lab.VisibleText;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/// A standard stream through which nothing passes that a terminal would obey, whoever printed it:
/// all bytes are read as UTF-8 and go through [VisibleText].
final class VisibleStream extends PrintStream {

  private final PrintStream unfiltered;

  private VisibleStream(PrintStream unfiltered) {
    super(new Filter(unfiltered), true, UTF_8);
    this.unfiltered = unfiltered;
  }

  /// The stream with the filter before it, once.
  static VisibleStream over(PrintStream stream) {
    return stream instanceof VisibleStream visible ? visible : new VisibleStream(stream);
  }

  /// The stream behind the filter.
  PrintStream unfiltered() {
    return unfiltered;
  }

  @Override
  public boolean checkError() {
    boolean ours = super.checkError();
    return unfiltered.checkError() || ours;
  }

  /// Keeps the bytes of a character, and a carriage return, until what follows is known.
  private static final class Filter extends OutputStream {
    private final PrintStream out;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    Filter(PrintStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) {
      byte[] one = {(byte) b};
      write(one, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) {
      pending.write(bytes, from, count);
      byte[] all = pending.toByteArray();
      int whole = whole(all);
      pending.reset();
      pending.write(all, whole, all.length - whole);
      print(new String(all, 0, whole, UTF_8));
    }

    private void print(String text) {
      byte[] shown = VisibleText.of(text).getBytes(UTF_8);
      out.write(shown, 0, shown.length);
    }

    /// How many of the bytes end with a whole character that is not a carriage return.
    private static int whole(byte[] bytes) {
      int end = bytes.length;
      if (end > 0 && bytes[end - 1] == '\r') {
        return end - 1;
      }
      for (int back = 1; back <= Math.min(3, end); back++) {
        int b = bytes[end - back] & 0xff;
        if (b < 0x80) {
          return end;
        }
        if (b >= 0xc0) {
          int needed = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
          return back < needed ? end - back : end;
        }
      }
      return end;
    }

    @Override
    public void flush() {
      out.flush();
    }

    @Override
    public synchronized void close() {
      print(pending.toString(UTF_8));
      pending.reset();
      out.close();
    }
  }
}
