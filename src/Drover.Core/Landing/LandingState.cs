namespace Drover.Core;

/// <summary>How far a landing has come.</summary>
public enum LandingState
{
    /// <summary>The commit that would become the target exists.</summary>
    Made,

    /// <summary>The gates run on its tree.</summary>
    Testing,

    /// <summary>The gates have passed on its tree; it waits for its turn or for a human.</summary>
    Tested,

    /// <summary>Old and new commit are stored and the target may move at any moment: after a crash the target itself says which.</summary>
    Intended,

    /// <summary>The target holds it.</summary>
    Landed,

    /// <summary>It does not merge with the target; the files are named.</summary>
    Conflict,

    /// <summary>A gate said no.</summary>
    Failed,

    /// <summary>The target moved first: a new landing begins from the new tip.</summary>
    Raced,

    /// <summary>Nobody wants it any more: the branch moved, or the ticket was cancelled.</summary>
    Abandoned,
}

public static class LandingStates
{
    /// <summary>Whether the landing is still on its way; an attempt has at most one such.</summary>
    public static bool IsOpen(this LandingState state) => state switch
    {
        LandingState.Made or LandingState.Testing or LandingState.Tested or LandingState.Intended => true,
        LandingState.Landed or LandingState.Conflict or LandingState.Failed or LandingState.Raced or LandingState.Abandoned => false,
    };
}
