package dev.demur.serve.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// How many requests each address may send: a bucket that holds a minute's worth and fills evenly.
/// Changed by every request.
final class RateLimit {

  /// Addresses remembered; beyond it the one not heard of for longest starts anew.
  private static final int ADDRESSES = 10_000;

  private static final double NANOS_PER_MINUTE = 60e9;

  private final int perMinute;
  private final LongSupplier nanos;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > ADDRESSES;
        }
      };

  private record Bucket(double left, long at) {}

  RateLimit(int perMinute, LongSupplier nanos) {
    this.perMinute = perMinute;
    this.nanos = nanos;
  }

  /// Counts one request.
  ///
  /// @return seconds to wait for; 0 when it may be answered
  synchronized int take(String address) {
    if (perMinute == 0) {
      return 0;
    }
    long now = nanos.getAsLong();
    var before = buckets.getOrDefault(address, new Bucket(perMinute, now));
    double filled = (now - before.at) / NANOS_PER_MINUTE * perMinute;
    double left = Math.min(perMinute, before.left + filled);
    boolean granted = left >= 1;
    buckets.put(address, new Bucket(granted ? left - 1 : left, now));
    return granted ? 0 : (int) Math.ceil((1 - left) * 60 / perMinute);
  }
}
