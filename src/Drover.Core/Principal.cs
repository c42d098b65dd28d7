namespace Drover.Core;

public enum PrincipalKind { Human, Browser, Run, Script, Server }

/// <summary>Who asks. Every request has exactly one, and every ending and every event names one.</summary>
/// <param name="Id">A user name, a run id, a token's name, or the loop that acted for the server.</param>
public sealed record Principal(PrincipalKind Kind, string Id)
{
    public static Principal Server(string loop) => new(PrincipalKind.Server, loop);

    /// <summary>Whether the principal stands for a human: only those approve, merge, give the go and end other runs.</summary>
    public bool IsHuman => Kind switch
    {
        PrincipalKind.Human or PrincipalKind.Browser => true,
        PrincipalKind.Run or PrincipalKind.Script or PrincipalKind.Server => false,
    };

    public override string ToString() => $"{Kind.Word()}:{Id}";
}
