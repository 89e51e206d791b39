use crate::system::{Host, Id, Segment, Unit};

use super::super::scene::{Crew, Door, Scene, Vip, shown};
use super::block::Block;
use super::text::Type;

/// Width that a block of many parts may take.
const WIDE: i64 = 1040;
/// Of more holders of one virtual address the rest is counted.
const HOLDERS: usize = 8;

/// A host's name and address, and the networks on it.
pub(super) fn host(scene: &Scene<'_>, id: Id<Host>, segments: &[Id<Segment>]) -> Block {
    let host = &scene.system.hosts[id];
    let mut block = Block::new("", String::new());
    block.line(&[(Type::Host, &host.name.value)]);
    block.line(&[(Type::Quiet, &shown(&host.address))]);
    if !segments.is_empty() {
        let cells = segments.iter().map(|id| {
            let segment = &scene.system.segments[*id];
            let mut cell = Block::bare();
            let subnet = shown(&segment.subnet);
            cell.marked(Some(id.index()), &[(Type::Plain, &segment.name.value), (Type::Quiet, &subnet)]);
            cell
        });
        // Beside each other only where there are too many to stand below each other.
        let width = if segments.len() > 8 { WIDE } else { 0 };
        block.grid(cells.collect(), 4, width);
    }
    block
}

/// Published ports, at the edge of their host.
pub(super) fn door(scene: &Scene<'_>, door: &Door) -> Block {
    let host = &scene.system.hosts[door.host].name.value;
    let (class, head, title) = if door.outward {
        ("door open", "published", format!("Published ports of {host}"))
    } else {
        ("door", "this host only", format!("Published ports of {host}, for itself only"))
    };
    let mut block = Block::new(class, title);
    block.line(&[(Type::Quiet, head)]);
    let cells = door.publishes.iter().map(|publish| {
        let (at, to) = scene.publish(*publish);
        let mut cell = Block::bare();
        cell.line(&[(Type::Name, &at), (Type::Plain, &format!("→ {to}"))]);
        cell
    });
    let width = if door.publishes.len() > 8 { WIDE } else { 0 };
    block.grid(cells.collect(), 0, width);
    block
}

/// A virtual address and who can hold it.
pub(super) fn vip(scene: &Scene<'_>, vip: &Vip) -> Block {
    let segment = &scene.system.segments[vip.segment].name.value;
    let mut block = Block::new("vip", format!("Virtual address {} on network {segment}", vip.ip));
    block.line(&[(Type::Name, &format!("VIP {}", vip.ip))]);
    block.marked(Some(vip.segment.index()), &[(Type::Quiet, segment)]);
    let holders = scene.holders(vip);
    for holder in holders.iter().take(HOLDERS) {
        block.line(&[(Type::Plain, holder)]);
    }
    if let Some(more) = holders.len().checked_sub(HOLDERS).filter(|more| *more > 0) {
        block.line(&[(Type::Quiet, &format!("and {more} more"))]);
    }
    block
}

/// The units of a component on a host.
pub(super) fn crew(scene: &Scene<'_>, crew: &Crew) -> Block {
    let component = &scene.system.components[crew.component];
    let (program, image) = scene.runs(crew);
    let (ports, own) = scene.listens(crew);
    let title = match image {
        Some(image) => format!("{}: {program}, image {image}", component.name.value),
        None => format!("{}: {program}", component.name.value),
    };
    let mut block = Block::new("crew", title);
    block.line(&[(Type::Name, &component.name.value), (Type::Quiet, &program)]);
    if let Some(image) = image {
        block.line(&[(Type::Quiet, image)]);
    }
    let lonely = |unit: &Id<Unit>| scene.system.units[*unit].name.value == component.name.value;
    if let [only] = crew.units.as_slice()
        && lonely(only)
    {
        addresses(scene, *only, &mut block);
        block.words(Type::Plain, &ports, 260);
        return block;
    }
    let cells: Vec<Block> = crew.units.iter().zip(own).map(|(unit, own)| member(scene, *unit, &own)).collect();
    let widest = cells.iter().map(|cell| cell.w).max().unwrap_or_default();
    let across = i64::try_from(cells.len()).unwrap_or(i64::MAX).saturating_mul(widest);
    block.words(Type::Plain, &ports, across.clamp(260, WIDE - 40));
    block.grid(cells, 10, WIDE);
    block
}

fn member(scene: &Scene<'_>, id: Id<Unit>, ports: &[String]) -> Block {
    let unit = &scene.system.units[id];
    let mut cell = Block::new("", unit.name.value.clone());
    cell.line(&[(Type::Name, &unit.name.value)]);
    addresses(scene, id, &mut cell);
    cell.words(Type::Plain, ports, 200);
    cell
}

fn addresses(scene: &Scene<'_>, id: Id<Unit>, block: &mut Block) {
    let system = scene.system;
    let addresses = &system.units[id].addresses;
    for address in addresses {
        let claim = &system.addresses[*address];
        let segment = &system.segments[claim.segment].name.value;
        block.marked(Some(claim.segment.index()), &[(Type::Plain, &shown(&claim.ip)), (Type::Quiet, segment)]);
    }
}
