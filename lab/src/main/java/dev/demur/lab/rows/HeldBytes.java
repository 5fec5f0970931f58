package dev.demur.lab.rows;

import dev.hardwood.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The bytes of a Parquet file, in memory: a file that is cut while it is mapped would end the
/// process.
///
/// A range without bytes is refused. The library asks for one again and again, without end, where a
/// page says that it is longer than its column.
///
/// @param bytes all of them
record HeldBytes(ByteBuffer bytes) implements InputFile {

  @Override
  public void open() {}

  @Override
  public ByteBuffer readRange(long offset, int length) throws IOException {
    if (length <= 0 || offset < 0 || offset > bytes.limit() - length) {
      throw new IOException("a page or a column ends beyond the place it is kept in");
    }
    return bytes.slice((int) offset, length);
  }

  @Override
  public long length() {
    return bytes.limit();
  }

  @Override
  public String name() {
    return "Parquet";
  }

  @Override
  public void close() {}
}
