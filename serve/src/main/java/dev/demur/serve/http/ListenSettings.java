package dev.demur.serve.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/// Where and for whom the server listens.
///
/// @param address name or number of a network interface
/// @param port 0 takes any that is free
/// @param key what clients must know; needed on every address but a loopback one
/// @param tls certificate to encrypt with
/// @param limits what a client may cost
public record ListenSettings(
    String address, int port, Optional<Key> key, Optional<Certificate> tls, Limits limits) {

  private static final int LAST_PORT = 65_535;

  /// A certificate and its key, both PEM files.
  public record Certificate(Path chain, Path key) {}

  public ListenSettings {
    if (port < 0 || port > LAST_PORT) {
      throw new IllegalArgumentException("port must be 0 to " + LAST_PORT + ", was " + port);
    }
    if (key.isEmpty() && !resolved(address).isLoopbackAddress()) {
      throw new IllegalArgumentException(
          address
              + " can be reached from other machines, so a key is needed; give one, or listen on"
              + " 127.0.0.1");
    }
  }

  /// This machine alone, without a key or encryption.
  public static ListenSettings local(int port) {
    return new ListenSettings(
        "127.0.0.1", port, Optional.empty(), Optional.empty(), Limits.usual());
  }

  /// Whether only this machine can reach it.
  public boolean isLoopback() {
    return resolved(address).isLoopbackAddress();
  }

  private static InetAddress resolved(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          address + " is not an address of this machine; try 127.0.0.1", e);
    }
  }
}
