'use strict';

/** Choices that are the same ones each time for a seed. Source: Steele and Vigna, splitmix. */
class Random {
  constructor(seed) {
    this.state = seed | 0;
  }

  /** An integer from 0, below `bound`. */
  below(bound) {
    this.state = (this.state + 0x9e3779b9) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % bound;
  }

  /** An entry of a list. */
  pick(list) {
    return list[this.below(list.length)];
  }

  /** True once in `times`. */
  once(times) {
    return this.below(times) === 0;
  }
}

module.exports = { Random };
