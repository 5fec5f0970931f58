package dev.demur.model.tensor;

import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// The way from the host to a card.
///
/// A copy out of ordinary memory makes the host wait until the card has done all that came before,
/// and runs at a third of the bus' rate. So numbers go through memory that the card reads by
/// itself, which libtorch keeps a pool of: the copy is put in line behind what the card still
/// computes, and the host goes on.
final class Upload {

  /// Bytes of a piece. Larger tensors go piece by piece, so that the pool stays small.
  private static final long PIECE = 64L << 20;

  /// Pieces under way at once: where the host is quicker than the bus, the pool would hold them
  /// all.
  private static final int WAITING = 4;

  private Upload() {}

  /// A copy on a card.
  ///
  /// @param host a tensor on the host, which may change once this returns
  /// @param behind called when a piece has been read
  static Tensor to(Device card, Tensor host, Runnable behind) {
    long bytes = host.numel() * host.element_size();
    if (bytes <= PIECE || !host.is_contiguous()) {
      return piece(card, host);
    }
    long pieces = Math.ceilDiv(bytes, PIECE);
    long length = Math.ceilDiv(host.numel(), pieces);
    var flat = host.reshape(-1);
    var there =
        torch.empty(
            host.sizes().vec().get(), host.options().device(new DeviceOptional(card.raw())), null);
    var thereFlat = there.reshape(-1);
    int since = 0;
    for (long from = 0; from < host.numel(); from += length) {
      long count = Math.min(length, host.numel() - from);
      try (var _ = Scope.open()) {
        thereFlat.narrow(0, from, count).copy_(flat.narrow(0, from, count).pin_memory(), true);
      }
      behind.run();
      if (++since == WAITING) {
        thereFlat.narrow(0, from, 1).item_double(); // waits
        since = 0;
      }
    }
    return there;
  }

  private static Tensor piece(Device card, Tensor host) {
    return host.pin_memory()
        .to(card.raw(), host.scalar_type(), true, false, new MemoryFormatOptional());
  }
}
