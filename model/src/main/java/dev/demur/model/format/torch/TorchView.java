package dev.demur.model.format.torch;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// A tensor of a PyTorch file, checked to lie inside its storage.
///
/// @param info name, type, shape
/// @param type element type
/// @param key the storage it views
/// @param offset first element in the storage
/// @param stride elements from one index to the next, per dimension
record TorchView(TensorInfo info, DType type, String key, long offset, List<Long> stride) {

  TorchView {
    stride = List.copyOf(stride);
  }

  /// Finds the tensors in an unpickled value, under the keys that lead to them.
  static Map<String, TorchView> collect(TorchArchive archive, String prefix, Object root)
      throws ModelFormatException {
    var collector = new Collector(archive, prefix);
    collector.visit("", root);
    return collector.found;
  }

  private static final class Collector {

    private static final int MAX_DEPTH = 32;

    /// A container may be in another many times, so that even a small file can mean many visits.
    private static final int MAX_VISITS = 1_000_000;

    private final TorchArchive archive;
    private final String prefix;
    private final Map<String, TorchView> found = new LinkedHashMap<>();

    /// The containers on the way to the present one, so that a cycle is noticed.
    private final IdentityHashMap<Object, Boolean> open = new IdentityHashMap<>();

    private int visits;

    Collector(TorchArchive archive, String prefix) {
      this.archive = archive;
      this.prefix = prefix;
    }

    void visit(String name, Object value) throws ModelFormatException {
      visits++;
      if (visits > MAX_VISITS) {
        throw problem("holds more than " + MAX_VISITS + " values; it is not a state dict");
      }
      switch (value) {
        case Pickle.View view -> add(name.isEmpty() ? "tensor" : name, view);
        case Map<?, ?> map -> {
          enter(map);
          for (var entry : map.entrySet()) {
            visit(join(name, String.valueOf(entry.getKey())), entry.getValue());
          }
          open.remove(map);
        }
        case List<?> list when !list.isEmpty() -> {
          enter(list);
          for (int i = 0; i < list.size(); i++) {
            visit(join(name, Integer.toString(i)), list.get(i));
          }
          open.remove(list);
        }
        default -> {
          // Numbers and text beside the tensors, such as a step count.
        }
      }
    }

    private void enter(Object container) throws ModelFormatException {
      if (open.size() >= MAX_DEPTH || open.put(container, true) != null) {
        throw problem("holds containers in containers more than " + MAX_DEPTH + " deep");
      }
    }

    private static String join(String name, String key) {
      return name.isEmpty() ? key : name + "." + key;
    }

    private void add(String name, Pickle.View view) throws ModelFormatException {
      if (found.put(name, check(name, view)) != null) {
        throw problem("holds tensor \"" + name + "\" twice");
      }
    }

    private TorchView check(String name, Pickle.View view) throws ModelFormatException {
      String typeName = view.type().isEmpty() ? view.storage().type() : view.type();
      DType type =
          TorchGlobals.type(typeName)
              .orElseThrow(
                  () -> problem("tensor \"" + name + "\" has the unknown type " + typeName));
      long available = archive.storageBytes(prefix, view.storage().key()) / type.bytes();
      if (view.size().size() != view.stride().size() || !fits(view, available)) {
        throw problem(
            String.format(
                Locale.ROOT,
                "tensor \"%s\" of shape %s, stride %s, offset %d does not lie in its storage of %,d"
                    + " elements",
                name,
                view.size(),
                view.stride(),
                view.offset(),
                available));
      }
      long elements = TensorInfo.elements(view.size());
      var info = new TensorInfo(name, type.safetensorsName(), view.size(), elements * type.bytes());
      return new TorchView(info, type, view.storage().key(), view.offset(), view.stride());
    }

    /// True when every element lies in the storage and there are not more than it has: a view that
    /// repeats elements could ask for any amount of memory.
    private static boolean fits(Pickle.View view, long available) {
      if (Stream.concat(view.size().stream(), view.stride().stream()).anyMatch(n -> n < 0)) {
        return false;
      }
      try {
        long last = view.offset();
        long elements = TensorInfo.elements(view.size());
        for (int i = 0; i < view.size().size(); i++) {
          long size = view.size().get(i);
          long stride = view.stride().get(i);
          last = Math.addExact(last, Math.multiplyExact(Math.max(0, size - 1), stride));
        }
        return view.offset() >= 0
            && elements <= available
            && (elements == 0 ? view.offset() <= available : last < available);
      } catch (ArithmeticException e) {
        return false;
      }
    }

    private ModelFormatException problem(String what) {
      return new ModelFormatException(archive.path(), what);
    }
  }

  long[] shape() {
    return info.shape().stream().mapToLong(Long::longValue).toArray();
  }

  /// Elements from the first to the last one touched.
  long span() {
    long last = 0;
    for (int i = 0; i < stride.size(); i++) {
      last += Math.max(0, info.shape().get(i) - 1) * stride.get(i);
    }
    return last + 1;
  }

  boolean isContiguous() {
    long expected = 1;
    for (int i = stride.size() - 1; i >= 0; i--) {
      long size = info.shape().get(i);
      if (size != 1 && stride.get(i) != expected) {
        return false;
      }
      expected *= size;
    }
    return true;
  }

  /// Copies the view's elements from the stretch it touches into row-major order.
  void gather(MemorySegment stretch, MemorySegment out) {
    var cursor = new ArrayList<Long>();
    info.shape().forEach(_ -> cursor.add(0L));
    long width = type.bytes();
    long from = 0;
    for (long to = 0; to < info.elements(); to++) {
      MemorySegment.copy(stretch, from * width, out, to * width, width);
      for (int i = stride.size() - 1; i >= 0; i--) {
        long next = cursor.get(i) + 1;
        if (next < info.shape().get(i)) {
          cursor.set(i, next);
          from += stride.get(i);
          break;
        }
        from -= cursor.get(i) * stride.get(i);
        cursor.set(i, 0L);
      }
    }
  }
}
