namespace Drover.Core;

/// <summary>How far an attempt's worktree has come. <see cref="Making"/> and <see cref="Removing"/> are intents: after a crash they are done again.</summary>
public enum WorktreeState { None, Making, Made, Removing, Removed }
