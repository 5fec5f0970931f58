package dev.demur.model.format.torch;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.quant.LittleEndian;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads the pickle inside a PyTorch file without running anything.
///
/// Only plain values, containers and the few names that rebuild a tensor are known; any other
/// global is refused by name, as is every opcode that makes objects in another way.
///
/// Source: Python's `pickletools` for the opcodes; `torch._utils` for the rebuilding functions.
public final class Pickle {

  /// Bounds memory: each operation makes at most one object. A tensor takes about forty.
  private static final int MAX_OPERATIONS = 1_000_000;

  /// A value of `None`.
  enum None {
    NONE
  }

  /// A name the file refers to, `module.name`.
  record Global(String name) {}

  /// A storage: a run of elements in a file of its own.
  ///
  /// @param type its class, such as `torch.FloatStorage`
  /// @param key name of the entry in the archive
  /// @param elements its length in elements; bytes for an untyped storage
  record Storage(String type, String key, long elements) {}

  /// A tensor: a view of a storage.
  ///
  /// @param offset first element
  /// @param size extents
  /// @param stride elements from one index to the next, per dimension
  /// @param type element type as a global's name; the storage's when empty
  record View(Storage storage, long offset, List<Long> size, List<Long> stride, String type) {}

  private final Path file;
  private final byte[] bytes;
  private int position;
  private int operations;
  private List<Object> stack = new ArrayList<>();
  private final ArrayDeque<List<Object>> marked = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private Pickle(Path file, byte[] bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /// Reads one pickled value: `String`, `Long`, `Double`, `Boolean`, [None], [View], or a `List` or
  /// `Map` of these, which may contain themselves.
  ///
  /// @throws ModelFormatException if the pickle asks for anything else
  public static Object read(Path file, byte[] bytes) throws ModelFormatException {
    return new Pickle(file, bytes).run();
  }

  private Object run() throws ModelFormatException {
    while (true) {
      int opcode = u8();
      if (opcode == '.') {
        return pop();
      }
      spend(1);
      step(opcode);
    }
  }

  private void spend(int more) throws ModelFormatException {
    operations += more;
    if (operations > MAX_OPERATIONS) {
      throw problem("takes more than " + MAX_OPERATIONS + " operations; it is not a state dict");
    }
  }

  private void step(int opcode) throws ModelFormatException {
    switch (opcode) {
      case 0x80 -> u8(); // PROTO
      case 0x95 -> take(8); // FRAME
      case '(' -> mark();
      case '0' -> pop();
      case '1' -> popMark();
      case '2' -> push(peek());
      case 'N' -> push(None.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push((long) u8());
      case 'M' -> push((long) LittleEndian.u16(bytes, take(2)));
      case 'J' -> push((long) i32());
      case 0x8a -> push(number(u8()));
      case 'G' ->
          push(Double.longBitsToDouble(Long.reverseBytes(LittleEndian.i64(bytes, take(8)))));
      case 'X' -> push(text(length(i32())));
      case 0x8c -> push(text(u8()));
      case 0x8d -> push(text(length(LittleEndian.i64(bytes, take(8)))));
      case '}' -> push(new LinkedHashMap<Object, Object>());
      case ']', 0x8f -> push(new ArrayList<Object>());
      case ')' -> push(List.of());
      case 't' -> push(Collections.unmodifiableList(popMark()));
      case 'l' -> push(popMark());
      case 'd' -> push(putAll(new LinkedHashMap<>(), popMark()));
      case 0x85, 0x86, 0x87 -> push(Collections.unmodifiableList(popLast(opcode - 0x84)));
      case 'a' -> append(popLast(1));
      case 'e', 0x90 -> append(popMark());
      case 's' -> putAll(dictionary(popLast(2)));
      case 'u' -> putAll(dictionary(popMark()));
      case 'q' -> memo.put(u8(), peek());
      case 'r' -> memo.put(i32(), peek());
      case 0x94 -> memo.put(memo.size(), peek());
      case 'h' -> push(recall(u8()));
      case 'j' -> push(recall(i32()));
      case 'c' -> push(global(line(), line()));
      case 0x93 -> stackGlobal();
      case 'R' -> reduce();
      case 'Q' -> push(storage(pop()));
      case 'b' -> build();
      default ->
          throw problem(
              String.format(Locale.ROOT, "opcode 0x%02x makes more than tensors", opcode));
    }
  }

  // ---- bytes -----------------------------------------------------------------------------------

  private int take(int count) throws ModelFormatException {
    if (count > bytes.length - position) {
      throw problem("ends too early");
    }
    int at = position;
    position += count;
    return at;
  }

  private int u8() throws ModelFormatException {
    return bytes[take(1)] & 0xFF;
  }

  private int i32() throws ModelFormatException {
    return LittleEndian.i32(bytes, take(4));
  }

  private int length(long length) throws ModelFormatException {
    if (length < 0 || length > bytes.length - position) {
      throw problem("a string of " + length + " bytes goes past its end");
    }
    return (int) length;
  }

  private String text(int length) throws ModelFormatException {
    return new String(bytes, take(length), length, StandardCharsets.UTF_8);
  }

  private String line() throws ModelFormatException {
    int start = position;
    while (u8() != '\n') {
      // The bound is in u8.
    }
    return new String(bytes, start, position - 1 - start, StandardCharsets.UTF_8);
  }

  private long number(int length) throws ModelFormatException {
    if (length > 8) {
      throw problem("a number of " + length + " bytes is too large");
    }
    int at = take(length);
    byte[] bigEndian = new byte[length];
    for (int i = 0; i < length; i++) {
      bigEndian[length - 1 - i] = bytes[at + i];
    }
    return length == 0 ? 0 : new BigInteger(bigEndian).longValue();
  }

  // ---- stack -----------------------------------------------------------------------------------

  private void push(Object value) {
    stack.add(value);
  }

  private Object pop() throws ModelFormatException {
    if (stack.isEmpty()) {
      throw problem("takes a value from an empty stack");
    }
    return stack.removeLast();
  }

  private Object peek() throws ModelFormatException {
    Object top = pop();
    push(top);
    return top;
  }

  private void mark() {
    marked.push(stack);
    stack = new ArrayList<>();
  }

  private List<Object> popMark() throws ModelFormatException {
    var items = stack;
    if (marked.isEmpty()) {
      throw problem("closes a bracket it has not opened");
    }
    stack = marked.pop();
    return items;
  }

  private List<Object> popLast(int count) throws ModelFormatException {
    if (stack.size() < count) {
      throw problem("takes a value from an empty stack");
    }
    var last = stack.subList(stack.size() - count, stack.size());
    var items = new ArrayList<>(last);
    last.clear();
    return items;
  }

  private Object recall(int index) throws ModelFormatException {
    @Nullable Object value = memo.get(index);
    if (value == null) {
      throw problem("refers to value " + index + ", which it has not stored");
    }
    return value;
  }

  // ---- containers ------------------------------------------------------------------------------

  @SuppressWarnings("unchecked") // all mutable lists here are made here
  private void append(List<Object> items) throws ModelFormatException {
    if (!(peek() instanceof ArrayList<?> list)) {
      throw problem("appends to what is not a list");
    }
    ((ArrayList<Object>) list).addAll(items);
  }

  /// A dictionary with the pairs that go into it.
  private record Pairs(Map<Object, Object> dictionary, List<Object> items) {}

  @SuppressWarnings("unchecked") // all maps here are made here
  private Pairs dictionary(List<Object> items) throws ModelFormatException {
    if (!(peek() instanceof LinkedHashMap<?, ?> map)) {
      throw problem("sets an item of what is not a dictionary");
    }
    return new Pairs((Map<Object, Object>) map, items);
  }

  private void putAll(Pairs pairs) throws ModelFormatException {
    putAll(pairs.dictionary(), pairs.items());
  }

  private Map<Object, Object> putAll(Map<Object, Object> map, List<Object> items)
      throws ModelFormatException {
    if (items.size() % 2 != 0) {
      throw problem("a key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      // Containers as keys could contain themselves, and hashing them would never end.
      if (!(items.get(i) instanceof String) && !(items.get(i) instanceof Long)) {
        throw problem("a key that is neither text nor a whole number");
      }
      map.put(items.get(i), items.get(i + 1));
    }
    return map;
  }

  // ---- what a tensor is rebuilt from -----------------------------------------------------------

  private Global global(String module, String name) throws ModelFormatException {
    var global = new Global(module + "." + name);
    if (!TorchGlobals.isKnown(global.name())) {
      throw problem(
          "wants to import "
              + printable(global.name())
              + ", which is more than tensors; do not trust it, or save it again as safetensors");
    }
    return global;
  }

  private static String printable(String name) {
    String start = name.length() > 120 ? name.substring(0, 120) + "…" : name;
    return start.replaceAll("\\p{Cntrl}", "?");
  }

  private void stackGlobal() throws ModelFormatException {
    var names = popLast(2);
    if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
      throw problem("imports what is not a name");
    }
    push(global(module, name));
  }

  private void reduce() throws ModelFormatException {
    var call = popLast(2);
    if (!(call.get(0) instanceof Global(String name)) || !(call.get(1) instanceof List<?> given)) {
      throw problem("calls what is not a function");
    }
    push(
        switch (name) {
          case TorchGlobals.ORDERED_DICT -> orderedDict(given);
          case TorchGlobals.SIZE -> given.size() == 1 ? argument(given, 0) : List.of();
          case TorchGlobals.REBUILD_TENSOR_V2 -> view(given, "");
          case TorchGlobals.REBUILD_TENSOR_V3 ->
              view(given, argument(given, 6) instanceof Global(String type) ? type : "?");
          case TorchGlobals.REBUILD_PARAMETER -> argument(given, 0);
          default -> throw problem("calls " + name + ", which makes no tensor");
        });
  }

  private Object argument(List<?> given, int index) throws ModelFormatException {
    if (index >= given.size()) {
      throw problem("calls a function with too few arguments");
    }
    return Objects.requireNonNull(given.get(index));
  }

  /// `OrderedDict()` or `OrderedDict([(key, value), …])`.
  private Object orderedDict(List<?> given) throws ModelFormatException {
    var map = new LinkedHashMap<Object, Object>();
    if (!given.isEmpty() && argument(given, 0) instanceof List<?> pairs) {
      spend(pairs.size());
      for (Object pair : pairs) {
        if (!(pair instanceof List<?> two) || two.size() != 2) {
          throw problem("an OrderedDict of what are not pairs");
        }
        putAll(map, Arrays.asList(two.get(0), two.get(1)));
      }
    }
    return map;
  }

  private View view(List<?> given, String type) throws ModelFormatException {
    if (!(argument(given, 0) instanceof Storage storage)
        || !(argument(given, 1) instanceof Long offset)) {
      throw problem("rebuilds a tensor from what is not a storage");
    }
    return new View(
        storage, offset, numbers(argument(given, 2)), numbers(argument(given, 3)), type);
  }

  private List<Long> numbers(Object value) throws ModelFormatException {
    var numbers = new ArrayList<Long>();
    if (value instanceof List<?> list && list.size() <= 32) {
      for (Object element : list) {
        if (element instanceof Long number) {
          numbers.add(number);
        }
      }
      if (numbers.size() == list.size()) {
        return numbers;
      }
    }
    throw problem("a tensor's size or stride is not a short list of whole numbers");
  }

  /// `("storage", class, key, device, elements)`.
  private Storage storage(Object id) throws ModelFormatException {
    if (id instanceof List<?> parts
        && parts.size() == 5
        && "storage".equals(parts.get(0))
        && parts.get(1) instanceof Global(String type)
        && parts.get(2) instanceof String key
        && parts.get(4) instanceof Long elements) {
      return new Storage(type, key, elements);
    }
    throw problem("refers to something outside that is not a storage");
  }

  /// State dicts carry `_metadata` as an attribute; it says nothing about tensors.
  private void build() throws ModelFormatException {
    Object state = pop();
    if (!(peek() instanceof LinkedHashMap<?, ?>) || !(state instanceof Map<?, ?>)) {
      throw problem("sets attributes of what is not a dictionary");
    }
  }

  private ModelFormatException problem(String what) {
    return new ModelFormatException(file, "its pickle, at byte " + position + ", " + what);
  }
}
