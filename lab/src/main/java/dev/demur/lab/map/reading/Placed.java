package dev.demur.lab.map.reading;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.Direction;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// A pair's direction, and the training prompts it was made of.
///
/// @param side the pair
/// @param place where it is read
/// @param direction target mean minus contrast mean of the training prompts
/// @param rows the stream of the training prompts there, target first, float64 `[prompt, d_model]`
public record Placed(Side side, Candidate place, Direction direction, Tensor rows) {

  /// @throws IllegalArgumentException if the sides do not differ there
  public static Placed of(Side side, Candidate place, Reads reads) {
    var target = reads.at(place, side.train());
    var contrast = reads.at(place, side.trainContrast());
    try {
      var direction =
          Direction.fromMeanDiff(
              target.mean(0).minus(contrast.mean(0)),
              new HookPoint(place.layer(), Site.RESID_PRE),
              place.position());
      return new Placed(side, place, direction, Tensor.cat(List.of(target, contrast), 0));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("pair " + side.name() + ": " + e.getMessage(), e);
    }
  }

  /// The name of its pair.
  public String name() {
    return side.name();
  }

  /// How many of its training prompts are target prompts.
  public int targets() {
    return side.train().size();
  }

  /// How many training prompts it was made of.
  public int size() {
    return targets() + side.trainContrast().size();
  }

  /// The stream of its target prompts, `[prompt, d_model]`.
  public Tensor target() {
    return rows.narrow(0, 0, targets());
  }

  /// The stream of its contrast prompts, `[prompt, d_model]`.
  public Tensor contrast() {
    return rows.narrow(0, targets(), size() - targets());
  }

  /// The texts of its training prompts, in the order of the rows.
  public List<String> texts() {
    var texts = new ArrayList<String>();
    side.train().forEach(prompt -> texts.add(prompt.text()));
    side.trainContrast().forEach(prompt -> texts.add(prompt.text()));
    return texts;
  }
}
