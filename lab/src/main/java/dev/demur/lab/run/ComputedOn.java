package dev.demur.lab.run;

import dev.demur.model.ChatModel;
import dev.demur.model.tensor.Card;
import dev.demur.model.tensor.Device;
import java.util.List;

/// What computes a model's numbers. Those of two differ by rounding, so a run folder never takes
/// one's for the other's.
///
/// @param devices what blocks lie on: `cpu`, `NVIDIA H200`, or `NVIDIA H200 (blocks 0–15), cpu
///   (blocks 16 on)`
/// @param engine the libtorch
public record ComputedOn(String devices, String engine) {

  /// What computes an open model's.
  public static ComputedOn of(ChatModel model) {
    var placement = model.transformer().holding().placement();
    var cards = placement.isHost() ? List.<Card>of() : Card.all();
    return new ComputedOn(placement.text(device -> product(device, cards)), Machine.libtorch());
  }

  /// Cards of one product compute alike, whichever of them it is.
  private static String product(Device device, List<Card> cards) {
    return cards.stream()
        .filter(card -> card.device().equals(device))
        .map(Card::name)
        .findFirst()
        .orElse(device.toString());
  }

  /// For people.
  @Override
  public String toString() {
    return devices + " with " + engine;
  }
}
