using Drover.Core;
using Drover.Node.Merging;
using Drover.Node.Repositories;
using Xunit;

namespace Drover.Server.Tests.Git;

public sealed class CandidateTests : IDisposable
{
    private static readonly LandingCommit Landing =
        new(LandingMessage.Of(new("APP", 12), "Two lines\nof title \u001b[31m$(rm -rf /)", new("00000000000000ab")), new("Zoë", "zoe@example.org"));

    private readonly Sample sample = Sample.WithCommit();

    private async Task<Candidate> Make(CommitSha target, CommitSha head, LandMethod method) =>
        await Candidate.Make(await sample.Open(), target, head, method, Landing, Sample.Cancellation);

    /// <summary>Two branches that part at the first commit; returns the trunk's tip and the work's.</summary>
    private async Task<(CommitSha Target, CommitSha Head)> Parted(string trunkFile, string workFile)
    {
        var worktree = await sample.Make();
        Sample.WriteIn(worktree.Path, workFile, "the work\n");
        var head = sample.CommitIn(worktree.Path, "Work");
        sample.Write(trunkFile, "the trunk\n");
        return (sample.Commit("Trunk"), head);
    }

    [Fact]
    public async Task A_merge_has_two_parents_and_a_message_that_leads_back()
    {
        var (target, head) = await Parted("t.txt", "w.txt");

        var clean = Assert.IsType<Candidate.Clean>(await Make(target, head, LandMethod.Merge));

        Assert.Equal($"{target} {head}", sample.Run("log", "-1", "--format=%P", clean.Commit.Value));
        Assert.Equal(clean.Tree.Value, sample.Run("rev-parse", $"{clean.Commit}^{{tree}}"));
        Assert.Equal("the work", sample.Run("show", $"{clean.Commit}:w.txt"));
        Assert.Equal("APP-12: Two lines of title  [31m$(rm -rf /)", sample.Run("log", "-1", "--format=%s", clean.Commit.Value));
        Assert.Equal("APP-12", sample.Run("log", "-1", "--format=%(trailers:key=Drover-Ticket,valueonly)", clean.Commit.Value));
        Assert.Equal("00000000000000ab", sample.Run("log", "-1", "--format=%(trailers:key=Drover-Run,valueonly)", clean.Commit.Value));
        Assert.Equal("Zoë <zoe@example.org>", sample.Run("log", "-1", "--format=%cn <%ce>", clean.Commit.Value));
        Assert.Equal(target, sample.Tip("trunk"));
        Assert.Equal("", sample.Run("status", "--porcelain"));
    }

    [Fact]
    public async Task A_squash_has_one_parent_and_the_same_tree_as_the_merge()
    {
        var (target, head) = await Parted("t.txt", "w.txt");

        var merge = Assert.IsType<Candidate.Clean>(await Make(target, head, LandMethod.Merge));
        var squash = Assert.IsType<Candidate.Clean>(await Make(target, head, LandMethod.Squash));

        Assert.Equal(merge.Tree, squash.Tree);
        Assert.Equal(target.Value, sample.Run("log", "-1", "--format=%P", squash.Commit.Value));
    }

    [Fact]
    public async Task A_fast_forward_is_the_head_itself_and_only_where_it_descends()
    {
        var (target, head) = await Parted("t.txt", "w.txt");
        var @base = new CommitSha(sample.Run("rev-parse", "trunk^"));

        Assert.Equal(head, Assert.IsType<Candidate.Clean>(await Make(@base, head, LandMethod.Ff)).Commit);
        Assert.IsType<Candidate.NotAhead>(await Make(target, head, LandMethod.Ff));
    }

    [Fact]
    public async Task A_conflict_names_its_files_and_changes_nothing()
    {
        var (target, head) = await Parted("sub/ç é.txt", "sub/ç é.txt");

        Assert.Equal(["sub/ç é.txt"], Assert.IsType<Candidate.Conflict>(await Make(target, head, LandMethod.Merge)).Files);

        Assert.Equal(target, sample.Tip("trunk"));
        Assert.Equal("", sample.Run("status", "--porcelain"));
    }

    [Fact]
    public async Task What_the_target_holds_already_is_nothing_new()
    {
        var (target, head) = await Parted("same.txt", "t.txt");
        sample.Write("t.txt", "the work\n");
        var same = sample.Commit("The same work by hand");

        Assert.IsType<Candidate.NothingNew>(await Make(same, head, LandMethod.Squash));
        Assert.IsType<Candidate.NothingNew>(await Make(target, sample.Tip("trunk~1"), LandMethod.Merge));
    }

    [Fact]
    public async Task Histories_that_never_met_are_told_apart_from_conflicts()
    {
        var stranger = new CommitSha(sample.Run("commit-tree", "-m", "Another beginning", "trunk^{tree}"));

        Assert.IsType<Candidate.Unrelated>(await Make(sample.Tip("trunk"), stranger, LandMethod.Merge));
    }

    [Fact]
    public async Task The_targets_merge_attributes_count_and_the_candidates_do_not()
    {
        sample.Write(".gitattributes", "CHANGES merge=union\n");
        sample.Write("CHANGES", "start\n");
        sample.Commit("Union");
        var worktree = await sample.Make();
        Sample.WriteIn(worktree.Path, "CHANGES", "start\nwork\n");
        Sample.WriteIn(worktree.Path, ".gitattributes", "CHANGES merge=union\na.txt merge=union\n");
        Sample.WriteIn(worktree.Path, "a.txt", "work\n");
        var head = sample.CommitIn(worktree.Path, "Work");
        sample.Write("CHANGES", "start\ntrunk\n");
        var union = sample.Commit("Trunk");
        sample.Write("a.txt", "trunk\n");
        var both = sample.Commit("Trunk again");

        var clean = Assert.IsType<Candidate.Clean>(await Make(union, head, LandMethod.Merge));
        Assert.Equal("start\ntrunk\nwork", sample.Run("show", $"{clean.Commit}:CHANGES"));
        Assert.Equal(["a.txt"], Assert.IsType<Candidate.Conflict>(await Make(both, head, LandMethod.Merge)).Files);
    }

    [Fact]
    public async Task The_committer_is_the_projects()
    {
        Assert.Equal(new Committer("Zoë Tester", "zoe@example.org"), await Committer.Of(await sample.Open(), Sample.Cancellation));
    }

    [Fact]
    public async Task Durable_objects_stand_in_a_pack_of_their_own()
    {
        var (target, head) = await Parted("t.txt", "w.txt");
        var repository = await sample.Open();
        var clean = Assert.IsType<Candidate.Clean>(await Make(target, head, LandMethod.Merge));

        await Durable.Make(repository, target, clean.Commit, Sample.Cancellation);
        await Durable.Make(repository, target, clean.Commit, Sample.Cancellation);

        var pack = Assert.Single(Directory.GetFiles(Path.Combine(repository.CommonDir, "objects", "pack"), "*.idx"));
        var packed = sample.Run("verify-pack", "-v", pack);
        Assert.Contains(clean.Commit.Value, packed);
        Assert.Contains(head.Value, packed);
        Assert.Contains(sample.Run("rev-parse", $"{clean.Commit}:w.txt"), packed);
        Assert.DoesNotContain(target.Value + " commit", packed);
    }

    public void Dispose() => sample.Dispose();
}
