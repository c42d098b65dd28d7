using Drover.Api;
using Drover.Node.Sandboxing;
using Drover.Node.Trees;
using Drover.Server.Runs;

namespace Drover.Server.Conformance;

/// <summary>What surrounds a program that is being proven.</summary>
/// <param name="Bubblewrap">The path of bwrap, or null where it does not work.</param>
/// <param name="HasOwnNetwork">Whether it gets a network with loopback alone.</param>
internal sealed record KitSandbox(DroverHome Home, string? Bubblewrap, bool HasOwnNetwork)
{
    public bool IsSandboxed => Bubblewrap is not null;

    /// <summary>For people, and for the card.</summary>
    public string Words => Bubblewrap is null ? "no sandbox" : HasOwnNetwork ? "bubblewrap without network" : "bubblewrap";

    public static async Task<KitSandbox> Of(DroverHome home, SandboxProbe probe, TimeProvider time, CancellationToken token) =>
        probe is SandboxProbe.Works works ? new(home, works.Program, await works.CanHideNetwork(time, token)) : new(home, null, false);

    public IReadOnlyList<string> Wrap(IReadOnlyList<string> command, string path, Worktree tree, string home, ModelWrap? model)
    {
        var all = model is null ? command : model.Before(command);
        if (Bubblewrap is null) return all;
        var spec = SandboxSpec.For(tree, GitAccess.Commit, Runs.Environments.UserHome, Home.Path, SocketPath.Directory());
        spec = spec with
        {
            Network = HasOwnNetwork ? NetworkAccess.None : NetworkAccess.Open,
            Home = home,
            OwnHome = home,
            ReadOnly = [.. ProgramPaths.Of(command, path), .. model?.Reads ?? []],
            ReadWrite = model is null ? [] : [model.Folder],
        };
        return Node.Sandboxing.Sandbox.Wrap(Bubblewrap, spec, all);
    }
}
