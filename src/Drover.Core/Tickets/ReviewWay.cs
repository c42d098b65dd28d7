namespace Drover.Core;

/// <summary>Who looks at a coder's work before it merges.</summary>
public enum ReviewWay
{
    /// <summary>Nobody: the work goes on to the merge queue, whose gates it must pass.</summary>
    None,

    /// <summary>The project's gates, run on the branch as it stands; a failure goes back to the coder.</summary>
    Gates,

    /// <summary>An agent with the role reviewer.</summary>
    Agent,

    /// <summary>A human.</summary>
    Human,
}
