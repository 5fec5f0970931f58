package dev.demur.model.hook;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One place in the forward pass. Prints as `blocks.14.hook_resid_pre`, and as
/// `ln_final.hook_normalized` where no block has it.
///
/// @param layer block index, from 0; 0 for [Site#LN_FINAL], which lies behind all blocks
/// @param site which of the block's activations
public record HookPoint(int layer, Site site) {

  private static final Pattern TEXT = Pattern.compile("blocks\\.(\\d{1,6})\\.(.+)");

  public HookPoint {
    if (layer < 0) {
      throw new IllegalArgumentException("layer must be >= 0, was " + layer);
    }
    if (site == Site.LN_FINAL && layer != 0) {
      throw new IllegalArgumentException(
          site.text() + " belongs to no block; its layer must be 0, was " + layer);
    }
  }

  /// The normalised final stream, which the unembedding reads.
  public static HookPoint lnFinal() {
    return new HookPoint(0, Site.LN_FINAL);
  }

  /// Every place of a model with so many blocks, whether its family has it or not: block after
  /// block, then the final norm.
  public static List<HookPoint> all(int layers) {
    var blocks = IntStream.range(0, layers).boxed().flatMap(layer -> ofLayer(layer).stream());
    return Stream.concat(blocks, Stream.of(lnFinal())).toList();
  }

  /// Every place of one block.
  public static List<HookPoint> ofLayer(int layer) {
    return Stream.of(Site.values())
        .filter(site -> site != Site.LN_FINAL)
        .map(site -> new HookPoint(layer, site))
        .toList();
  }

  /// Whether a block has it.
  public boolean isInBlock() {
    return site != Site.LN_FINAL;
  }

  /// Reads what [#toString] writes.
  ///
  /// @throws IllegalArgumentException if the text is not of that form
  public static HookPoint parse(String text) {
    if (text.equals(Site.LN_FINAL.text())) {
      return lnFinal();
    }
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a hook point; expected e.g. blocks.14.hook_resid_pre");
    }
    return new HookPoint(Integer.parseInt(matcher.group(1)), Site.parse(matcher.group(2)));
  }

  @Override
  public String toString() {
    return isInBlock() ? "blocks." + layer + "." + site.text() : site.text();
  }
}
