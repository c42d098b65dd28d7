using Drover.Agents;
using Drover.Core;

namespace Drover.Server.Conformance;

/// <summary>An adapter without what was found not to work with the program that it drives. What is said for now then waits for the end of the turn, as with a protocol that
/// has no other way.</summary>
internal sealed class ProvenAdapter : IAdapter
{
    private readonly IAdapter _declared;

    private ProvenAdapter(IAdapter declared, AdapterCapabilities capabilities) => (_declared, Capabilities) = (declared, capabilities);

    public string Name => _declared.Name;

    public AdapterCapabilities Capabilities { get; }

    public IReadOnlyList<AdapterOption> Options => _declared.Options;

    /// <summary>The adapter itself when nothing speaks against what it declares.</summary>
    public static IAdapter Of(IAdapter declared, Proof proof)
    {
        var can = Capable(declared.Capabilities, proof);
        return can == declared.Capabilities ? declared : new ProvenAdapter(declared, can);
    }

    /// <summary>What is declared and nothing proven speaks against.</summary>
    public static AdapterCapabilities Capable(AdapterCapabilities declared, Proof proof) => declared with
    {
        SaysInsideTurn = declared.SaysInsideTurn && proof.Against(KitStep.Steer) is null,
        Interrupts = declared.Interrupts && proof.Against(KitStep.Interrupt) is null,
        Resumes = declared.Resumes && proof.Against(KitStep.Resume) is null,
        AsksApproval = declared.AsksApproval && proof.Against(KitStep.Approval) is null,
    };

    public Launch Plan(LaunchRequest request) => _declared.Plan(request);

    public Step Apply(MachineState state, Input input) => _declared.Apply(state, input switch
    {
        Input.Say { Mode: SteerMode.Now } say when !Capabilities.SaysInsideTurn => say with { Mode = SteerMode.Next },
        Input.Say { Mode: SteerMode.Interrupt } say when !Capabilities.Interrupts => say with { Mode = SteerMode.Next },
        _ => input,
    });

    public Checkpoint Save(MachineState state) => _declared.Save(state);

    public MachineState? Load(Checkpoint checkpoint) => _declared.Load(checkpoint);
}
