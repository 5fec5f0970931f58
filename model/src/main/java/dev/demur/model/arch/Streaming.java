package dev.demur.model.arch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Blocks whose weights are read from their files again in every pass, because not all of them fit
/// into memory: the last ones, so that the first stay where they are.
///
/// While one such block is computed the next one is read, and its pages are given back behind it.
/// That needs weights used as they lie in the files: plain ones in the type of the file, or
/// quantised ones held as stored (see [Holding.Quantised#AS_STORED]).
public final class Streaming {

  private final List<List<MemorySegment>> blocks;
  private final int first;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("demur-weights").daemon().factory());

  private final double bytesPerSecond;

  private Streaming(List<List<MemorySegment>> blocks, int first) {
    this.blocks = blocks;
    this.first = first;
    for (int layer = first; layer < blocks.size(); layer++) {
      give(layer);
    }
    long start = System.nanoTime();
    blocks.get(first).forEach(MemorySegment::load);
    this.bytesPerSecond = 1e9 * bytes(blocks.get(first)) / (System.nanoTime() - start);
  }

  /// What has to be streamed so that a model's blocks take at most `limit` bytes of memory.
  ///
  /// @param files the mapped files the weights may lie in
  /// @return empty when everything fits, or nothing that does not fit lies in a file
  static Optional<Streaming> within(long limit, List<Block> blocks, List<MemorySegment> files) {
    var pages = blocks.stream().map(block -> pages(block, files)).toList();
    long total = pages.stream().mapToLong(Streaming::bytes).sum();
    if (total <= limit) {
      return Optional.empty();
    }
    // Two blocks are in memory while they stream: the one in use and the one being read.
    long window = 2 * pages.stream().mapToLong(Streaming::bytes).max().orElse(0);
    int first = 0;
    for (long kept = window; first < pages.size(); first++) {
      kept += bytes(pages.get(first));
      if (kept > limit) {
        break;
      }
    }
    return Optional.of(new Streaming(pages, first));
  }

  private static List<MemorySegment> pages(Block block, List<MemorySegment> files) {
    var pages = new ArrayList<MemorySegment>();
    for (var matrix : block.matrices()) {
      matrix
          .memory()
          .flatMap(memory -> files.stream().flatMap(f -> part(f, memory).stream()).findFirst())
          .ifPresent(pages::add);
    }
    return pages;
  }

  /// The part of a mapped file that lies at some memory's address.
  private static Optional<MemorySegment> part(MemorySegment file, MemorySegment memory) {
    long offset = memory.address() - file.address();
    return offset < 0 || offset + memory.byteSize() > file.byteSize()
        ? Optional.empty()
        : Optional.of(file.asSlice(offset, memory.byteSize()));
  }

  private static long bytes(List<MemorySegment> pages) {
    return pages.stream().mapToLong(MemorySegment::byteSize).sum();
  }

  /// How many blocks are read in every pass.
  public int streamedBlocks() {
    return blocks.size() - first;
  }

  /// Bytes read in every pass.
  public long bytesPerPass() {
    return blocks.subList(first, blocks.size()).stream().mapToLong(Streaming::bytes).sum();
  }

  /// How fast the first of these blocks was read just now; the system may still have had it.
  public double bytesPerSecond() {
    return bytesPerSecond;
  }

  /// Called before a block computes: begins to read the next one.
  public void before(int layer) {
    int next = layer + 1;
    if (next >= first && next < blocks.size()) {
      reader.execute(() -> blocks.get(next).forEach(MemorySegment::load));
    }
  }

  /// Called when a block has computed: gives its pages back.
  public void after(int layer) {
    if (layer >= first) {
      give(layer);
    }
  }

  private void give(int layer) {
    blocks.get(layer).forEach(MemorySegment::unload);
  }
}
