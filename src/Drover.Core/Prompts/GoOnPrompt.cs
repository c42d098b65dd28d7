namespace Drover.Core;

/// <summary>What an agent is told that goes on with a conversation: the rest of the contract stands in it already.</summary>
public static class GoOnPrompt
{
    /// <summary>What a refinement without words asks for.</summary>
    public const string Refine = "(no specific changes requested — review the work so far and improve it).";

    /// <summary>What a resumption without words asks for.</summary>
    public const string Resume = "Your work on this ticket was interrupted and now goes on, in the same worktree and on the same branch. Look at where it stands, finish what is left, commit it, and end with the summary.";

    /// <summary>After a wait for the vendor.</summary>
    public static string AfterWait(FailureClass cause) =>
        $"Your last turn was cut short from outside ({cause.Word()}), not by anything you did, and what you did in it stands. Go on where you stopped and finish the task.";
}
