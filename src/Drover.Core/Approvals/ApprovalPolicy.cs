namespace Drover.Core;

/// <summary>What becomes of a question for permission: a human is asked, or it is answered at once.</summary>
public enum ApprovalChoice { Ask, Allow, Deny }

/// <summary>How an agent's questions for permission are answered.</summary>
/// <param name="Default">For what no pattern speaks of.</param>
/// <param name="Allow">What is allowed at once.</param>
/// <param name="Deny">What is denied at once, whatever else allows it.</param>
/// <param name="Timeout">How long a human may take.</param>
/// <param name="OnTimeout">The answer when none has come by then; never <see cref="ApprovalChoice.Ask"/>.</param>
public sealed record ApprovalPolicy(
    ApprovalChoice Default, IReadOnlyList<ApprovalPattern> Allow, IReadOnlyList<ApprovalPattern> Deny, TimeSpan Timeout, ApprovalChoice OnTimeout)
{
    public static readonly TimeSpan UsualTimeout = TimeSpan.FromMinutes(30);

    public static ApprovalPolicy Of(ApprovalChoice choice) => new(choice, [], [], UsualTimeout, ApprovalChoice.Deny);

    /// <summary>Whether the agent must be started so that it asks: unless everything would be allowed anyway.</summary>
    public bool NeedsQuestions => Default != ApprovalChoice.Allow || Deny.Count > 0;
}
