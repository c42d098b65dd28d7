using Drover.Api;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Http;

/// <summary>Finds the one principal of a request and what it may do.</summary>
internal sealed class Askers(Journal journal, Logins logins, AgentProcesses agents)
{
    private static readonly string UserName = Environment.UserName;

    /// <exception cref="Refusal">Nobody knows who asks, or he may not do this.</exception>
    public Ask Judge(HttpContext http, Access access)
    {
        var ask = new Ask(http, Who(http));
        if (ask.Who.Kind == PrincipalKind.Run) CheckRun(ask, access);
        else if (access == Access.Human && !ask.Who.IsHuman)
            throw new Refusal(Problems.HumanOnly, $"only a human may do this, and {ask.Who} is none");
        return ask;
    }

    /// <summary>A token that is shown must be good: a wrong one never counts as none.</summary>
    private Principal Who(HttpContext http)
    {
        var authorization = http.Request.Headers.Authorization.ToString();
        if (authorization.Length > 0) return OfToken(authorization);
        if (http.Features.Get<PeerProcess>() is { } peer) return OfPeer(peer);
        return logins.OfCookie(http) ?? throw new Refusal(Problems.Unauthenticated, "open the page through the link that 'drover open' prints");
    }

    private Principal OfToken(string authorization)
    {
        const string scheme = "Bearer ";
        if (!authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) throw new Refusal(Problems.Unauthenticated, "the only scheme is Bearer");
        var hash = Secret.Hash(authorization[scheme.Length..].Trim());
        return journal.Read(db => TokenTable.Get(db, hash)?.Principal ?? OfRun(RunTable.ByTokenHash(db, hash)))
            ?? throw new Refusal(Problems.Unauthenticated, "the token is not one of this server's, or it was revoked");
    }

    /// <summary>A run's token ends with the run.</summary>
    private static Principal? OfRun(RunRow? run) => run is null || run.State == RunState.Settled ? null : new(PrincipalKind.Run, run.Id.Value);

    private Principal OfPeer(PeerProcess peer)
    {
        if (peer.Uid != Uid.Own) throw new Refusal(Problems.Unauthenticated, "this server belongs to another user");
        if (agents.WhyAgents(peer.Pid) is { } why)
            throw new Refusal(Problems.HumanOnly, $"the asking process belongs to an agent ({why}) and has no human's authority; it may show its run's token (DROVER_TOKEN)");
        return new(PrincipalKind.Human, UserName);
    }

    private void CheckRun(Ask ask, Access access)
    {
        if (access is Access.Human or Access.Owner)
            throw new Refusal(Problems.HumanOnly, "a run may read its own ticket and itself; everything else is for humans");
        var run = RunId.TryParse(ask.Who.Id) is { } id ? journal.Read(db => RunTable.Get(db, id)) : null;
        var own = run is not null && (access == Access.OwnTicket
            ? run.Ticket?.ToString() == ask.Part("ticket").ToUpperInvariant() : ask.Part("run") is var named && (named == run.Id.Value || named == run.Name.Value));
        if (!own) throw new Refusal(Problems.NotYours, "a run may read its own ticket and itself, and nothing of others");
    }
}
