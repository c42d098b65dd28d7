namespace Drover.Core;

/// <summary>Who decides that a finished ticket lands: nobody but a human's <c>merge</c>, a human's approval, or the green gates alone.</summary>
public enum MergePolicy { Never, OnApproval, Auto }

/// <summary>How a branch becomes part of the target.</summary>
public enum LandMethod { Merge, Squash, Ff }
