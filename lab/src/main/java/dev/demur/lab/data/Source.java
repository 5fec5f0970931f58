package dev.demur.lab.data;

import java.net.URI;

/// Where a file comes from.
public sealed interface Source {

  /// From its authors' place on the web.
  ///
  /// @param address at a fixed commit where there is one
  record Web(URI address) implements Source {}

  /// By hand, because its authors ask for something first.
  ///
  /// @param how what to do, one sentence without a full stop
  record ByHand(String how) implements Source {}
}
