using Xunit;
using System.Text;
using Drover.Core;
using Drover.Server.Config;

namespace Drover.Server.Tests.Config;

public sealed class ConfigSourceTests
{
    private static readonly CommitSha One = new(new string('1', 40));
    private static readonly CommitSha Two = new(new string('2', 40));
    private static readonly CommitSha Three = new(new string('3', 40));
    private const string Good = "agents: { coder: { adapter: acp } }\n";
    private readonly Dictionary<CommitSha, string> _files = [];
    private readonly List<CommitSha> _read = [];

    [Fact]
    public async Task A_broken_file_leaves_the_last_good_version_in_force_and_says_so()
    {
        _files[One] = Good + "merge: auto\n";
        _files[Two] = Good + "merge: maybe\n";
        var source = Source();

        await source.At(One, null, default);
        var inForce = await source.At(Two, null, default);

        Assert.Equal(MergePolicy.Auto, inForce.Config!.Merge);
        Assert.Equal((One, Two), (inForce.From, inForce.Tip));
        Assert.Equal("drover.yaml at 2222222222 is broken (1 problem); going on with the version of 1111111111: drover.yaml:2:8: merge: 'maybe' is not known; allowed: never, on-approval, auto", inForce.Warning);
    }

    [Fact]
    public async Task A_mended_file_is_in_force_again()
    {
        _files[One] = Good;
        _files[Two] = "nonsense";
        _files[Three] = Good + "land: ff\n";
        var source = Source();

        await source.At(One, null, default);
        await source.At(Two, null, default);
        var inForce = await source.At(Three, null, default);

        Assert.Equal((LandMethod.Ff, Three, null), (inForce.Config!.Land, inForce.From, inForce.Warning));
    }

    [Fact]
    public async Task After_a_restart_the_last_good_version_is_read_from_the_commit_that_was_stored()
    {
        _files[One] = Good + "land: squash\n";
        _files[Two] = "nonsense";

        var inForce = await Source().At(Two, One, default);

        Assert.Equal((LandMethod.Squash, One), (inForce.Config!.Land, inForce.From));
        Assert.NotNull(inForce.Warning);
    }

    [Fact]
    public async Task Without_any_good_version_there_is_none_and_the_next_step_is_named()
    {
        var inForce = await Source().At(One, null, default);

        Assert.Null(inForce.Config);
        Assert.Contains("`drover init` writes one, then commit it", inForce.Warning);
    }

    [Fact]
    public async Task While_the_branch_stands_still_nothing_is_read_again()
    {
        _files[One] = Good;
        var source = Source();

        Assert.Same(await source.At(One, null, default), await source.At(One, null, default));

        Assert.Equal([One], _read);
    }

    private ConfigSource Source() => new(["acp"], "shop", (commit, _) =>
    {
        _read.Add(commit);
        return Task.FromResult(_files.TryGetValue(commit, out var text) ? Encoding.UTF8.GetBytes(text) : null);
    });
}
