package dev.demur.lab.map.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The plane and the order of directions.
class DrawingsTest {

  @Test
  void directionsOfAPlaneAreDrawnWithoutStressAndLikeOnesStandTogether() {
    var angles = List.of(0.0, 2.0, 0.1, 2.1);
    var cosines = new ArrayList<Double>();
    for (double one : angles) {
      for (double two : angles) {
        cosines.add(Math.cos(one - two));
      }
    }
    assertThat(Layout.of(List.of("a", "b", "c", "d"), cosines).stress()).isCloseTo(0, within(1e-6));
    var order = Clustering.order(cosines, 4);
    assertThat(Math.abs(order.indexOf(0) - order.indexOf(2))).isEqualTo(1);
    assertThat(Math.abs(order.indexOf(1) - order.indexOf(3))).isEqualTo(1);
  }

  @Test
  void stressSaysWhenAPlaneCannotShowTheAngles() {
    var cosines = new ArrayList<Double>();
    for (int i = 0; i < 25; i++) {
      cosines.add(i % 6 == 0 ? 1.0 : 0.0); // five directions at right angles
    }
    assertThat(Layout.of(List.of("a", "b", "c", "d", "e"), cosines).stress()).isGreaterThan(0.2);
  }
}
