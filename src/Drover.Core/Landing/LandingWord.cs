namespace Drover.Core;

/// <summary>What a human says of exactly one head of a branch: it is good, or it is to land now.</summary>
public enum LandingWord { Approve, Merge }
