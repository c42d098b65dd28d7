namespace Drover.Core;

/// <summary>At which stage a role works, and what would bring the ticket there. A start never moves a ticket back.</summary>
public static class StageRules
{
    public static ClaimVerdict.Refused? Fit(BoardTicket ticket, Claim claim)
    {
        var (key, stage) = (ticket.Key, ticket.Stage);
        return claim.Role switch
        {
            Role.Coder when stage is Stage.Ready or Stage.Coding || (claim.GoesOn && stage is Stage.Review or Stage.Merging) => null,
            Role.Coder when stage == Stage.Backlog => claim.ByHuman
                ? null : ClaimRules.Refuse(RefusalCause.NeedsGo, $"{key} is in backlog and needs a human's go: 'drover ticket move {key} ready' queues it, 'drover run start {key}' begins"),
            Role.Coder => Wrong(ticket, claim.Role, $"'drover run refine {key} TEXT' has its last run go on, 'drover ticket move {key} backlog' takes it back"),
            Role.Reviewer when stage == Stage.Review => null,
            Role.Reviewer => Wrong(ticket, claim.Role, stage == Stage.Merging ? "it has been reviewed" : "it comes to review when a coder has finished"),
            Role.Merger when stage == Stage.Merging => null,
            Role.Merger => Wrong(ticket, claim.Role, $"'drover merge {key}' brings it there"),
            Role.Intake or Role.Orchestrator or Role.Investigator => null,
        };
    }

    private static ClaimVerdict.Refused Wrong(BoardTicket ticket, Role role, string how) =>
        ClaimRules.Refuse(RefusalCause.WrongStage, $"{ticket.Key} is in {ticket.Stage.Word()}, and a {role.Word()} works at {At(role)}: {how}");

    private static string At(Role role) => role switch
    {
        Role.Coder => "ready or coding",
        Role.Reviewer => "review",
        Role.Merger => "merging",
        Role.Intake or Role.Orchestrator or Role.Investigator => "any stage",
    };
}
